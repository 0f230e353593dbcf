import { AgentDocument } from '../../../core/agent/document.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { CheckStep, ProviderCheck } from '../../../core/contract/providers.ts'
import type { ToRuntime } from '../../../core/contract/runtime.ts'
import { blockSecrets, findProvider } from '../../../core/providers/index.ts'
import { connectionOf } from '../../providers/connection.ts'
import type { ProviderScope } from '../../providers/provider-context.ts'
import { checkLlm } from './check-llm.ts'
import { openCheckScope } from './check-scope.ts'
import { createCheckSteps, type CheckSteps } from './check-steps.ts'
import { checkStt } from './check-stt.ts'
import { checkTts } from './check-tts.ts'

export type CheckRequest = Extract<ToRuntime, { type: 'check' }>

/** What a check showed. `sample_wav`: base64. */
export type Checked = Readonly<{ check: ProviderCheck; sample_wav?: string }>

/** What the kinds measure beside their steps. */
export type Measured = Readonly<{
  first_token_ms?: number
  first_audio_ms?: number
  transcription_delay_ms?: number
  sample_wav?: Uint8Array
}>
export type KindCheck = (scope: ProviderScope, steps: CheckSteps, signal: AbortSignal) => Promise<Measured>

const KIND_CHECKS = { llm: checkLlm, stt: checkStt, tts: checkTts } as const satisfies Record<string, KindCheck>

/** Asks a provider for real, with as few and as small requests as it takes. Resolves also when it fails; rejects when `signal` ends it. */
export async function checkProvider(
  request: CheckRequest,
  tell: (step: CheckStep) => void,
  signal: AbortSignal,
): Promise<Checked> {
  const { kind } = request
  const document = AgentDocument.parse(request.content)
  const block = document[`${kind}_config`]
  const connection = connectionOf(kind, block, request.secrets)
  const steps = createCheckSteps(block.provider, connection, (step) => !signal.aborted && tell(step))
  const { sample_wav, ...measured } = await measure(request, document, steps, signal)
  signal.throwIfAborted()
  const all = steps.all()
  const check: ProviderCheck = {
    kind,
    provider: findProvider(kind, block.provider)?.id ?? block.provider,
    model: connection.model,
    ...(block.base_url !== undefined && { base_url: block.base_url }),
    ok: all.length > 0 && all.every(({ ok }) => ok),
    at: Date.now(),
    steps: all,
    ...measured,
  }
  return { check, ...(sample_wav && { sample_wav: Buffer.from(sample_wav).toString('base64') }) }
}

async function measure(
  request: CheckRequest,
  document: AgentDocument,
  steps: CheckSteps,
  signal: AbortSignal,
): Promise<Measured> {
  const secrets = blockSecrets(request.kind, document[`${request.kind}_config`])
  const missing = secrets.find(({ reference, needed }) => needed && !request.secrets[reference])
  if (missing) {
    steps.keyMissing(missing.reference)
    return {}
  }
  const { scope, close } = openCheckScope(document, request)
  try {
    return await KIND_CHECKS[request.kind](scope, steps, signal)
  } catch (cause) {
    if (!signal.aborted) steps.failedBy(cause, cause instanceof StudioError ? 'model' : 'answer')
    return {}
  } finally {
    close()
  }
}

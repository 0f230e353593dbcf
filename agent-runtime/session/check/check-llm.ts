import { llm } from '@livekit/agents'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { systemPrompt } from '../../../core/agent/system-prompt.ts'
import type { ErrorBody, Problem } from '../../../core/contract/errors.ts'
import { createOutputReader, type OutputReaderEvent } from '../../../core/output/output-reader.ts'
import { validateOutput } from '../../../core/output/validate-output.ts'
import { createLanguageModel } from '../../providers/llm/create-language-model.ts'
import type { LanguageModel } from '../../providers/llm/language-model.ts'
import { EmptyAnswer } from '../../providers/provider-failure.ts'
import type { ProviderScope } from '../../providers/provider-context.ts'
import { readModel } from '../read-model.ts'
import type { KindCheck } from './check-provider.ts'

/** One request a step: a second one would cost twice and hide that the first one failed. */
const NO_RETRY = 0
/** Enough to see that it answers; what comes after it is not waited for. */
const ENOUGH_WORDS = 300
/** A reply that does not end by itself is not asked to. */
const ENOUGH_JSON = 20_000

const PLAIN = 'You are tried by somebody who wants to know whether you answer. Say so in a few words.'
const STRUCTURED = 'You are tried by somebody who wants to know whether you keep to a format. Fill every field shortly.'

/** A few words first, then the agent's own field table. */
export const checkLlm: KindCheck = async (scope, steps, signal) => {
  const { document } = scope
  const { fields } = document.schema_config
  const plain = await ask(scope, withPrompt(document, PLAIN, []), ENOUGH_WORDS, signal, () => steps.reached())
  if (plain.text.trim() === '') throw new EmptyAnswer()
  const { first_token_ms } = plain
  steps.passed('answer', `“${shortened(plain.text)}”`, first_token_ms)
  try {
    const reply = await ask(scope, withPrompt(document, STRUCTURED, fields), ENOUGH_JSON, signal)
    const flaw = flawOf(document, reply.text)
    if (flaw) steps.failed('structured_output', flaw)
    else steps.passed('structured_output', `all ${fields.length} fields as the table says`, reply.took_ms)
  } catch (cause) {
    if (!signal.aborted) steps.failedBy(cause, 'structured_output')
  }
  return { first_token_ms: Math.round(first_token_ms) }
}

type Reply = Readonly<{ text: string; first_token_ms: number; took_ms: number }>

async function ask(
  scope: ProviderScope,
  document: AgentDocument,
  enough: number,
  signal: AbortSignal,
  onFirst: () => void = () => undefined,
): Promise<Reply> {
  const model: LanguageModel = await createLanguageModel({ ...scope, document })
  const system = systemPrompt(document, {})
  // As before a call, so that loading is not measured; what goes wrong here is told when it is asked.
  await model.warm?.(system).catch(() => undefined)
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'system', content: system })
  chatCtx.addMessage({ role: 'user', content: 'Hello! Are you there?' })
  const began = performance.now()
  let first_token_ms: number | undefined
  let text = ''
  for await (const piece of closing(model, readModel(model, chatCtx, signal, NO_RETRY))) {
    if (!piece.text) continue
    if (first_token_ms === undefined) {
      first_token_ms = performance.now() - began
      onFirst()
    }
    text += piece.text
    if (text.length > enough) break
  }
  signal.throwIfAborted()
  const took_ms = performance.now() - began
  return { text, first_token_ms: first_token_ms ?? took_ms, took_ms }
}

/** What the model keeps open for a next turn is not needed here. */
async function* closing<Piece>({ close }: LanguageModel, pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  try {
    yield* pieces
  } finally {
    close?.()
  }
}

const withPrompt = (
  document: AgentDocument,
  instructions: string,
  fields: AgentDocument['schema_config']['fields'],
): AgentDocument => ({
  ...document,
  prompt_config: { instructions, dynamic_vars: {} },
  schema_config: { ...document.schema_config, fields },
})

/** How the reply falls short of the table, if it does. */
function flawOf({ schema_config: { fields, spoken_field } }: AgentDocument, text: string): ErrorBody | undefined {
  const reader = createOutputReader({ spoken_field })
  const done = [...reader.push(text), ...reader.end()].find(isDone)
  if (!done || done.raw.trim() === '') return flaw('It answered with nothing when it was asked for fields.')
  if (done.parse === 'plain') return flaw('It answered with plain text instead of JSON.')
  const { problems } = validateOutput(fields, done.output)
  if (problems.length > 0) return flaw(`${problems.length} of its fields are not as the table says.`, problems)
  if (done.parse === 'truncated') return flaw('It stopped before its JSON was complete.')
  return done.parse === 'repaired' ? flaw('Its JSON was broken and had to be repaired.') : undefined
}

const isDone = (event: OutputReaderEvent): event is Extract<OutputReaderEvent, { type: 'object.done' }> =>
  event.type === 'object.done'

const flaw = (message: string, problems: Problem[] = []): ErrorBody => ({
  code: 'provider_failed',
  message,
  hint: 'Choose another way of structured output in Voice & models, or another model.',
  problems,
})

const shortened = (text: string): string => {
  const words = text.replace(/\s+/g, ' ').trim()
  return words.length > 80 ? `${words.slice(0, 80)}…` : words
}

import { APIStatusError } from '@livekit/agents'
import type { ErrorBody } from '../../../core/contract/errors.ts'
import type { CheckStep } from '../../../core/contract/providers.ts'
import { findProvider } from '../../../core/providers/index.ts'
import type { Connection } from '../../providers/connection.ts'
import { HttpFailure, providerFailure } from '../../providers/provider-failure.ts'

type StepName = CheckStep['step']

/** What a check has tried so far. Each step is told once, and what follows a failure is not tried. */
export type CheckSteps = Readonly<{
  passed: (step: StepName, detail: string, ms?: number) => void
  failed: (step: StepName, error: ErrorBody) => void
  /** Nothing is asked without it. */
  keyMissing: (reference: string) => void
  /** It has answered something: then it has taken the key and knows the model. */
  reached: () => void
  /** `otherwise`: the step that did not work when the cause says nothing about key or model. */
  failedBy: (cause: unknown, otherwise: StepName) => void
  all: () => CheckStep[]
}>

export function createCheckSteps(provider: string, { context, model }: Connection, tell: (step: CheckStep) => void): CheckSteps {
  const steps: CheckStep[] = []
  const add = (step: CheckStep) => {
    if (steps.some((known) => known.step === step.step)) return
    steps.push(step)
    tell(step)
  }
  const passed = (step: StepName, detail: string, ms?: number) =>
    add({ step, ok: true, detail, ...(ms !== undefined && { ms: Math.round(ms) }) })
  const failed = (step: StepName, error: ErrorBody) => add({ step, ok: false, detail: error.message, error })

  const keyTaken = () => {
    if (findProvider(context.kind, provider)?.needs.kind !== 'secret') return
    passed('key', context.key_reference ? `${context.key_reference} is accepted` : 'this address asks for none')
  }
  return {
    passed,
    failed,
    keyMissing: (key_reference) =>
      failed('key', providerFailure({ ...context, key_reference, key_given: false }, new HttpFailure(401, ''))),
    reached() {
      keyTaken()
      if (model !== '') passed('model', `${model} is there`)
    },
    failedBy(cause, otherwise) {
      const failure = providerFailure(context, cause)
      const at = blamed(cause)
      if (at === 'model') keyTaken()
      failed(at ?? otherwise, failure)
    },
    all: () => [...steps],
  }
}

const ABOUT_MODEL =
  /\bmodel\b.*\b(not exist|not found|unknown|invalid|unavailable|not supported|no access)|\b(unknown|invalid|no such)\b.*\bmodel\b/i

/** Which of the two the provider itself found wrong. */
function blamed(cause: unknown): 'key' | 'model' | undefined {
  const status = cause instanceof HttpFailure ? cause.status : cause instanceof APIStatusError ? cause.statusCode : undefined
  if (status === 401 || status === 403) return 'key'
  if (status === 404) return 'model'
  return (status === 400 || status === 422) && cause instanceof Error && ABOUT_MODEL.test(cause.message) ? 'model' : undefined
}

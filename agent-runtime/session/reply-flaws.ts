import type { OutputReaderEvent } from '../../core/output/output-reader.ts'
import type { Turn } from './turn.ts'

/** The speech stands whatever the format was; the person who makes the agent is told what was wrong with it. */
export function tellFlaw(turn: Turn, { parse, output, raw }: Extract<OutputReaderEvent, { type: 'object.done' }>): void {
  const { spoken_field } = turn.config.document.schema_config
  const name = turn.answering
  const flaw = (message: string, hint: string) => turn.error('output', { code: 'provider_failed', message, hint, problems: [] })
  if (raw.trim() === '')
    flaw(`The LLM (${name}) answered with nothing`, 'Try again; if it stays so, try another model or look at its log.')
  else if (parse === 'plain')
    flaw(
      `The LLM (${name}) answered with plain text instead of JSON; it was spoken as it is`,
      'Choose a model with structured output, or set structured output to "prompt" in Voice & models.',
    )
  else if (parse === 'truncated')
    flaw(`The reply of the LLM (${name}) stopped before its JSON was complete`, 'Raise max_tokens, or shorten the fields.')
  else if (parse === 'repaired')
    flaw(
      `The JSON of the LLM (${name}) was broken and has been repaired`,
      'If this happens often, choose a model with structured output.',
    )
  else if (typeof output[spoken_field] !== 'string')
    flaw(
      `The reply has no "${spoken_field}", so nothing was said`,
      'Name the field in the prompt, or choose a model with structured output.',
    )
}

/** It would go on for ever, while the caller waits. */
export function tellTooManyTools(turn: Turn, most: number): void {
  turn.error('tool', {
    code: 'provider_failed',
    message: `The LLM (${turn.answering}) called tools more than ${most} times for one reply`,
    hint: 'Say in the prompt when a tool is to be called and when to answer, or choose a larger model.',
    problems: [],
  })
}

import { DOWN_SAMPLE_RATE, UP_SAMPLE_RATE } from '../../core/contract/media.ts'
import type { DocumentJson, SessionEvent, SessionSummary } from '../../core/contract/index.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { isJsonObject } from '../../core/json.ts'
import type { SessionView, TurnView } from '../../core/session/session-view.ts'
import type { WhatIf } from '../../core/store/calls.ts'
import { createCallFollower, type CallFollower } from './call-follower.ts'
import { openCallerLine, type CallerLine } from './caller-line.ts'
import type { StudioLink } from './studio-link.ts'
import { toPcm16, writeWav, type Sound } from './wav.ts'

export type CallRequest = Readonly<{
  agent_id: string
  /** Typed lines, each said when the answer to the one before is complete. */
  lines: AsyncIterable<string> | Iterable<string>
  /** Said into the microphone after the lines. */
  sound?: Sound
  /** Speak the replies, also to typed lines. */
  isVoice: boolean
  variables: DocumentJson
  what_if: WhatIf
  /** Through a room of this LiveKit connection, by text: nobody is in the room but the agent, to whom the lines come from here. */
  connection_id?: string
  seed?: number
  /** How long one answer may take. */
  timeout_ms: number
  signal: AbortSignal
  onEvent: (event: SessionEvent) => void
}>

/** The reply as a WAV file, empty for a call without a voice. */
export type CallResult = Readonly<{ session_id: string; reply: Buffer; cost_nano_usd: number | undefined }>

/** After the last word: long enough for the voice detection and the longest wait for more words to have passed. */
const SETTLED_MS = 4_000

/** A whole call without a page. Throws StudioError when it fails, ends early, or an answer does not come. */
export async function runCall(link: StudioLink, request: CallRequest): Promise<CallResult> {
  const { agent_id, isVoice, variables, what_if, connection_id, seed, signal, onEvent, timeout_ms } = request
  const { head } = await link.call('agent.get', { agent_id })
  const modality = isVoice ? 'voice' : 'text'
  const { session, media_path } = await link.call('session.start', {
    agent_id: head.agent_id,
    modality,
    variables,
    what_if,
    ...(connection_id !== undefined && { connection_id }),
    ...(seed !== undefined && { seed }),
  })
  const { session_id } = session
  const call = createCallFollower(session_id)
  const cancel = (): void => call.fail(new StudioError('cancelled', 'The call was cancelled', 'Start it again when you want it.'))
  signal.addEventListener('abort', cancel, { once: true })
  const leave = await link.followSession(
    session_id,
    (event) => {
      onEvent(event)
      call.receive(event)
    },
    () => call.fail(new StudioError('unavailable', 'The studio went away during the call', 'Start it again, then call again.')),
  )
  let line: CallerLine | undefined
  try {
    if (signal.aborted) cancel()
    if (isVoice) {
      line = await openCallerLine(link.openMedia(media_path))
      line.broken.catch((cause: Error) =>
        call.fail(
          new StudioError('media_failed', cause.message, 'Try again; the log in the data folder says more.', [], { cause }),
        ),
      )
    }
    // In a room it greets who comes, and nobody does.
    await converse(link, call, line, request, connection_id === undefined && greets(head.content))
    const { cost_nano_usd } = await hangUp(link, call, session_id, timeout_ms)
    return { session_id, cost_nano_usd, reply: writeWav(line?.heard() ?? new Int16Array(0), DOWN_SAMPLE_RATE) }
  } catch (cause) {
    await link.call('session.stop', { session_id }).catch(() => undefined)
    throw cause
  } finally {
    signal.removeEventListener('abort', cancel)
    line?.hangUp()
    leave()
  }
}

async function converse(
  link: StudioLink,
  call: CallFollower,
  line: CallerLine | undefined,
  request: CallRequest,
  hasGreeting: boolean,
): Promise<void> {
  const { lines, sound, timeout_ms } = request
  const { session_id } = call.view()
  await call.until('the agent listening', (view) => isQuiet(view) && (!hasGreeting || view.turns.some(isDone)), timeout_ms)
  for await (const text of lines) {
    const before = call.view().turns.length
    await link.call('session.say', { session_id, text })
    const view = await call.until('a complete answer', (now) => isQuiet(now) && now.turns.slice(before).some(isDone), timeout_ms)
    requireAnswers(view.turns.slice(before))
  }
  if (sound && line) await speak(call, line, sound, timeout_ms)
}

/** The recording may hold several turns; the call is over when what was said last is answered. */
async function speak(call: CallFollower, line: CallerLine, sound: Sound, timeout_ms: number): Promise<void> {
  const before = call.view().turns.length
  await line.say(toPcm16(sound, UP_SAMPLE_RATE))
  const answered = (view: SessionView): boolean =>
    isQuiet(view) && view.user_state !== 'speaking' && view.turns.slice(before).some(isDone)
  await call.until('an answer to what was said', answered, timeout_ms)
  // The end of the last word may still be waited for; the microphone goes on hearing silence meanwhile.
  await line.say(new Int16Array((UP_SAMPLE_RATE * SETTLED_MS) / 1000))
  const view = await call.until('the last answer', answered, timeout_ms)
  requireAnswers(view.turns.slice(before))
}

async function hangUp(link: StudioLink, call: CallFollower, session_id: string, timeout_ms: number): Promise<SessionSummary> {
  const session = await link.call('session.stop', { session_id })
  await call.until('the end of the call', (view) => view.ended !== undefined, timeout_ms)
  return session
}

const isDone = (turn: TurnView): boolean => turn.state !== 'open'
const isQuiet = (view: SessionView): boolean =>
  (view.agent_state === 'listening' || view.agent_state === 'idle') && view.turns.every(isDone)

/** A turn that brought no output did not work, whatever the rest of the call did. */
function requireAnswers(turns: readonly TurnView[]): void {
  const failed = turns.find(({ output, errors }) => output === undefined && errors.length > 0)
  const [error] = failed?.errors ?? []
  if (error) throw new StudioError(error.code, error.message, error.hint, error.problems)
  if (!turns.some(({ output }) => output !== undefined))
    throw new StudioError('provider_failed', 'The agent gave no answer', 'The events above say what happened.')
}

function greets(content: DocumentJson): boolean {
  const prompt = content['prompt_config']
  return isJsonObject(prompt) && typeof prompt['greeting'] === 'string' && prompt['greeting'].trim() !== ''
}

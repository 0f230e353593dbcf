import { StudioError } from '../../core/contract/errors.ts'

/** What went wrong as people may read it; what is not meant for them becomes a plain `internal`. */
export const causeOf = (error: unknown): StudioError =>
  error instanceof StudioError
    ? error
    : new StudioError('internal', 'Something unexpected went wrong in the host.', 'Try again; the log has the details.', [], {
        cause: error,
      })

export const hasEnded = (): StudioError =>
  new StudioError('conflict', 'This call has ended.', 'Start a new one, or resume it where that is offered.')

export const noSuchCall = (): StudioError =>
  new StudioError('not_found', 'There is no such call.', 'It may have been deleted for good; look in Calls.')

export const heldElsewhere = (): StudioError =>
  new StudioError(
    'conflict',
    'This call goes on at another worker.',
    'It can be ended, given another agent and sent events from here.',
  )

export const neverBegan = (afterMs: number): StudioError =>
  new StudioError(
    'runtime_failed',
    `The call did not begin within ${afterMs / 1000} s.`,
    'Try again; if it stays, the log of the session process says what it waits for.',
  )

export const lostProcess = (how: string): StudioError =>
  new StudioError(
    'runtime_failed',
    `The session process ended unexpectedly (${how}).`,
    'It is being replaced; the call goes on from its journal. Say the last thing again if it was not answered.',
  )

export const diedTooOften = (times: number, how: string): StudioError =>
  new StudioError(
    'runtime_failed',
    `The session process ended ${times} times within a minute (${how}).`,
    'Start the call again. If it stays, the log has the last lines of the process; another provider or modality may avoid it.',
  )

export const notTakenOver = (): StudioError =>
  new StudioError('runtime_failed', 'The other agent did not take over in time.', 'See in the call who answers, then try again.')

export const noRooms = (): StudioError =>
  new StudioError('unsupported', 'Calls through rooms are not possible here.', 'Start a direct call.')

export const notOurCaller = (): StudioError =>
  new StudioError(
    'conflict',
    'The caller of this call is a client of its own.',
    'Join it as a guest, or watch it as an observer.',
  )

export const takesNoCalls = (): StudioError =>
  new StudioError('unavailable', 'Greenroom is about to stop, and takes no new calls.', 'Call again in a moment.')

export const tooManyCalls = (most: number): StudioError =>
  new StudioError(
    'quota_exceeded',
    `${most} calls go on already, and no more may at once.`,
    'Try again when one has ended, or let more in with GREENROOM_MAX_SESSIONS.',
  )

export const roomIsTaken = (): StudioError =>
  new StudioError('conflict', 'Another call goes on in the room of this one.', 'Wait until that one has ended.')

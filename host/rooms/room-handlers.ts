import { StudioError } from '../../core/contract/errors.ts'
import type { HandlersOf } from '../handler.ts'

type Operation =
  | 'room.join'
  | 'room.list'
  | 'room.watch'
  | 'room.set_caller'
  | 'room.listen_to'
  | 'room.invite'
  | 'room.close_invite'
  | 'session.switch_agent'

const later = (): Promise<never> => Promise.reject(new StudioError('unsupported', 'Not there yet.', 'Use a newer build.'))

export const roomHandlers = (): HandlersOf<Operation> => ({
  'room.join': later,
  'room.list': later,
  'room.watch': later,
  'room.set_caller': later,
  'room.listen_to': later,
  'room.invite': later,
  'room.close_invite': later,
  'session.switch_agent': later,
})

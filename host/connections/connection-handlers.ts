import { StudioError } from '../../core/contract/errors.ts'
import type { HandlersOf } from '../handler.ts'

type Operation =
  'connection.list' | 'connection.save' | 'connection.delete' | 'connection.test' | 'local_server.start' | 'local_server.stop'

const later = (): Promise<never> => Promise.reject(new StudioError('unsupported', 'Not there yet.', 'Use a newer build.'))

export const connectionHandlers = (): HandlersOf<Operation> => ({
  'connection.list': later,
  'connection.save': later,
  'connection.delete': later,
  'connection.test': later,
  'local_server.start': later,
  'local_server.stop': later,
})

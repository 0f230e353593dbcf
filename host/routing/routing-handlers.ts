import { StudioError } from '../../core/contract/errors.ts'
import type { HandlersOf } from '../handler.ts'

type Operation = 'route.decide' | 'route.get' | 'route.set_weights'

const later = (): Promise<never> => Promise.reject(new StudioError('unsupported', 'Not there yet.', 'Use a newer build.'))

export const routingHandlers = (): HandlersOf<Operation> => ({
  'route.decide': later,
  'route.get': later,
  'route.set_weights': later,
})

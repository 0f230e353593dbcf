import type { HandlersOf } from '../handler.ts'
import type { Tracing } from './tracing.ts'

export const tracingHandlers = ({ states }: Pick<Tracing, 'states'>): HandlersOf<'tracing.status'> => ({
  'tracing.status': async (_, { caller }) => ({ targets: [...states(caller)] }),
})

import type { HandlersOf } from '../handler.ts'
import type { Tracing } from './tracing.ts'

type Deps = Readonly<{ states: Tracing['states']; takes_calls: boolean }>

export const tracingHandlers = ({ states, takes_calls }: Deps): HandlersOf<'tracing.status'> => ({
  'tracing.status': async (_, { caller }) => ({
    takes_calls,
    targets: [...states(caller)],
    ...(!takes_calls && { note: NO_CALLS }),
  }),
})

const NO_CALLS =
  'This instance has no worker: it takes no calls from rooms and traces none. Each worker traces the calls that it holds; /metrics of the workers counts what they sent.'

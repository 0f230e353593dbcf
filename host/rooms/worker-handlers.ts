import type { Store } from '../../core/store/store.ts'
import type { HandlersOf } from '../handler.ts'
import type { Worker } from '../runtime/worker-port.ts'

export type WorkerHandlerDeps = Readonly<{ worker: Pick<Worker, 'drain' | 'state'>; store: Pick<Store, 'commit'> }>

export const workerHandlers = ({ worker, store }: WorkerHandlerDeps): HandlersOf<'worker.drain'> => ({
  'worker.drain': async ({ on }, { caller }) => {
    await store.commit(caller, [], { action: 'worker.drain', subject: 'worker', detail: { on } })
    worker.drain(on)
    return worker.state()
  },
})

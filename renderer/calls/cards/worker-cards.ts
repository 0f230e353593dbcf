import type { WorkerState } from '../../../core/contract/index.ts'
import type { CallCard } from './call-cards.ts'

/** What a room call should know of the worker: that it does without it. `connection_id`: of the call. */
export function workerCards(worker: WorkerState | undefined, connection_id: string | undefined): readonly CallCard[] {
  if (!worker || connection_id === undefined) return []
  const here = worker.registrations.find((one) => one.connection_id === connection_id && one.state !== 'ready')
  if (worker.state === 'lost' || worker.state === 'failed')
    return [
      {
        id: `worker-${worker.state}`,
        tone: 'warn',
        title: worker.state === 'lost' ? 'The worker ended and is being started again' : 'The worker cannot be started',
        text: 'This call goes on without it. New calls through LiveKit wait until it is back; Settings → LiveKit has its log.',
        actions: [],
      },
    ]
  if (here?.state !== 'lost' && here?.state !== 'failed') return []
  return [
    {
      id: `worker-registration-${here.since}`,
      tone: 'warn',
      title: 'The worker lost this LiveKit server and registers again',
      text: [here.reason ?? '', 'This call goes on without it; new calls wait.'].filter(Boolean).join('. '),
      actions: [],
    },
  ]
}

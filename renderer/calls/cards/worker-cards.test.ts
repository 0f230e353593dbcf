import { expect, test } from 'vitest'
import { ConnectionId, type WorkerState } from '../../../core/contract/index.ts'
import { workerCards } from './worker-cards.ts'

const connection_id = ConnectionId.parse('local')
const worker = (state: WorkerState['state'], registration: WorkerState['registrations'][number]['state']): WorkerState => ({
  state,
  draining: false,
  registrations: [{ connection_id, dispatch_name: 'studio-1', state: registration, since: 1, jobs: 0, reason: 'it was refused' }],
  sessions: 1,
  load: 0,
  memory_mb: 90,
  log: [],
})

test('a room call hears that the worker is gone, and that it goes on without it', () => {
  expect(workerCards(worker('lost', 'lost'), 'local')).toMatchObject([{ title: 'The worker ended and is being started again' }])
  expect(workerCards(worker('ready', 'lost'), 'local')).toMatchObject([
    {
      title: 'The worker lost this LiveKit server and registers again',
      text: expect.stringMatching(/^it was refused\. This call/),
    },
  ])
})

test('all is well, another server, or no room call: nothing is said', () => {
  expect(workerCards(worker('ready', 'ready'), 'local')).toEqual([])
  expect(workerCards(worker('ready', 'lost'), 'other')).toEqual([])
  expect(workerCards(worker('lost', 'lost'), undefined)).toEqual([])
  expect(workerCards(undefined, 'local')).toEqual([])
})

import { expect, test } from 'vitest'
import { ConnectionId, type WorkerRegistration } from '../../core/contract/index.ts'
import { dispatchWords, registrationsOf, workerMeans, worstOf } from './worker-words.ts'

const at = (state: WorkerRegistration['state'], connection = 'local'): WorkerRegistration => ({
  connection_id: ConnectionId.parse(connection),
  dispatch_name: 'ada',
  state,
  since: 1,
  jobs: 0,
})

test('of several registrations the worst is shown', () => {
  expect(worstOf([at('ready'), at('lost'), at('connecting')])).toBe('lost')
  expect(worstOf([])).toBeUndefined()
  expect(registrationsOf({ registrations: [at('ready'), at('lost', 'acme')] }, 'acme')).toHaveLength(1)
})

test('names that mean something to people', () => {
  expect([dispatchWords(''), dispatchWords('studio-1a2b'), dispatchWords('ada')]).toEqual([
    'every new room',
    'calls from this studio',
    'ada',
  ])
})

test('a worker that drains before it was ever needed does not promise to start', () => {
  expect(workerMeans({ state: 'off', draining: false })).toContain('the first room call starts it')
  expect(workerMeans({ state: 'off', draining: true })).toBe(workerMeans({ state: 'draining', draining: true }))
  expect(workerMeans({ state: 'lost', draining: true })).toContain('tries again')
})

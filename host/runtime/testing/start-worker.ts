/** The real worker process under its supervisor, with a listener that writes down what it hears. */
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { ConnectionId, type WorkerRegistration } from '../../../core/contract/connections.ts'
import type { Exposure, JobAnswer, JobOffer } from '../../../core/contract/worker.ts'
import { createLookout } from '../../../core/testing/lookout.ts'
import { createOfflineSwitch } from '../offline-switch.ts'
import { createRuntime } from '../runtime.ts'
import type { AssignedJob } from '../worker-port.ts'

export const connection = ConnectionId.parse('test')

export type ServerKeys = Readonly<{ url: string; api_key: string; api_secret: string }>

export const exposure = ({ url, api_key, api_secret }: ServerKeys, dispatch_name: string): Exposure => ({
  connection_id: connection,
  url,
  api_key,
  api_secret,
  dispatch_name,
})

const accept = async ({ job_id, dispatch_name }: JobOffer): Promise<JobAnswer> => ({
  accept: true,
  identity: `agent-${job_id}`,
  name: dispatch_name,
  metadata: '{"by":"test"}',
  attributes: { tier: 'gold' },
})

/** `onOffer`: how offers are answered; taken if absent. */
export function startWorker({ onOffer = accept, limits = {} }: { onOffer?: typeof accept; limits?: { grace?: number } } = {}) {
  const { heard, until } = createLookout()
  const offered: JobOffer[] = []
  const assigned: AssignedJob[] = []
  const terminated: string[] = []
  const lines: string[] = []
  const offline = createOfflineSwitch(false)
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const runtime = createRuntime({ log, offline, sessionsPerProcess: () => 1, onChange: heard, limits })
  /** All that it ever was, oldest first. */
  const states: WorkerRegistration[] = []
  const worker = runtime.worker({
    onOffer: async (offer) => {
      offered.push(offer)
      heard()
      return onOffer(offer)
    },
    onAssigned: (job) => {
      assigned.push(job)
      heard()
    },
    onTerminated: (job_id) => {
      terminated.push(job_id)
      heard()
    },
    onChange: () => {
      states.push(...worker.state().registrations)
      heard()
    },
  })
  onTestFinished(() => runtime.close())
  return {
    runtime,
    worker,
    offline,
    offered,
    assigned,
    terminated,
    states,
    lines,
    pid: () => runtime.processes().find(({ kind }) => kind === 'worker')?.pid,
    find: (dispatch_name: string) => worker.state().registrations.find((one) => one.dispatch_name === dispatch_name),
    /** Resolves when it is so; looked at again whenever something is heard. */
    until,
  }
}

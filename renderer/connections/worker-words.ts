import type { WorkerRegistration, WorkerState } from '../../core/contract/index.ts'
import type { Tone } from '../ui/badge.tsx'

export const REGISTRATION_TONES: Readonly<Record<WorkerRegistration['state'], Tone>> = {
  connecting: 'info',
  ready: 'good',
  draining: 'warn',
  lost: 'warn',
  failed: 'bad',
}

export const WORKER_TONES: Readonly<Record<WorkerState['state'], Tone>> = {
  off: 'plain',
  starting: 'info',
  ready: 'good',
  draining: 'warn',
  lost: 'warn',
  failed: 'bad',
}

const MEANS: Readonly<Record<WorkerState['state'], string>> = {
  off: 'It is not needed yet; the first room call starts it.',
  starting: 'It is starting.',
  ready: 'Room calls are taken.',
  draining: 'Running calls go on; no new ones are taken.',
  lost: 'It has no connection and tries again for ever; running calls go on.',
  failed: 'It does not take calls.',
}

/** What it means for calls; one that drains is not said to start with the next call. */
export const workerMeans = ({ state, draining }: Pick<WorkerState, 'state' | 'draining'>): string =>
  MEANS[draining && state === 'off' ? 'draining' : state]

/** Automatic dispatch has no name; the studio’s own is a hash. */
export const dispatchWords = (name: string): string => {
  if (name === '') return 'every new room'
  return name.startsWith('studio-') ? 'calls from this studio' : name
}

export const registrationsOf = (
  { registrations }: Pick<WorkerState, 'registrations'>,
  connection_id: string,
): readonly WorkerRegistration[] => registrations.filter((registration) => registration.connection_id === connection_id)

/** The worst one stands for all: whoever looks wants to know whether something is wrong. */
export function worstOf(registrations: readonly WorkerRegistration[]): WorkerRegistration['state'] | undefined {
  const order: readonly WorkerRegistration['state'][] = ['failed', 'lost', 'draining', 'connecting', 'ready']
  return order.find((state) => registrations.some((registration) => registration.state === state))
}

import { DEFAULT_TENANT } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { TenantId } from '../../core/contract/ids.ts'

/** The host as a server: many tenants, reached by the production API, and workers that share a store. */
export type ServerMode = Readonly<{
  /** Address of the shared store; absent: SQLite in the data folder, for this host alone. */
  store_url?: string | undefined
  /** Takes jobs of LiveKit servers. */
  worker: boolean
  /** Whose jobs those are that bring no claim of a tenant. */
  unclaimed: TenantId
  /** Under which dispatch name every worker answers, whichever agent is meant. */
  dispatch_name: string
  /** Every new room of the LiveKit server that the environment names gets an agent. */
  automatic: boolean
  /** A call without a turn for so long has ended, ms; 0: never. */
  idle_ms: number
  /** Calls are removed so long after their end, ms; 0: never. */
  calls_kept_ms: number
}>

type Environment = Readonly<Record<string, string | undefined>>

const IDLE_S = 15 * 60
const DRAIN_S = 600
const CALLS_KEPT_DAYS = 30
const DAY_MS = 24 * 3_600_000

/** `worker`: takes jobs as well. Throws `malformed`. */
export function readServerMode(env: Environment, asked: Readonly<{ store?: string | undefined; worker: boolean }>): ServerMode {
  const store_url = asked.store || env['DATABASE_URL'] || env['MONGO_URI'] || undefined
  return {
    ...(store_url !== undefined && { store_url }),
    worker: asked.worker,
    unclaimed: readTenant(env['GREENROOM_TENANT']),
    dispatch_name: env['GREENROOM_DISPATCH_NAME']?.trim() || 'greenroom',
    automatic: readSwitch(env, 'GREENROOM_AUTOMATIC_DISPATCH'),
    idle_ms: readSeconds(env, 'GREENROOM_IDLE_SECONDS', IDLE_S) * 1000,
    calls_kept_ms: readNumber(env, 'GREENROOM_CALLS_KEPT_DAYS', CALLS_KEPT_DAYS, 'days') * DAY_MS,
  }
}

/** How long calls may go on after the word to stop, ms. Throws `malformed`. */
export const readDrainMs = (env: Environment): number => readSeconds(env, 'GREENROOM_DRAIN_SECONDS', DRAIN_S) * 1000

/** Metrics, and the details of readiness, are for everybody who reaches a port. Throws `malformed`. */
export const readOpenMetrics = (env: Environment): boolean => readSwitch(env, 'GREENROOM_OPEN_METRICS')

function readTenant(text: string | undefined): TenantId {
  if (text === undefined || text === '') return DEFAULT_TENANT
  const tenant_id = TenantId.safeParse(text)
  if (tenant_id.success) return tenant_id.data
  throw wrong('GREENROOM_TENANT', text, 'the id of a tenant', 'Give an id of 1 to 64 characters, or leave it out for "default".')
}

const readSeconds = (env: Environment, name: string, otherwise: number): number => readNumber(env, name, otherwise, 'seconds')

function readNumber(env: Environment, name: string, otherwise: number, of: string): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  if (/^\d{1,7}$/.test(text)) return Number(text)
  throw wrong(name, text, `a number of ${of}`, `Give a whole number, or leave it out for ${otherwise}.`)
}

function readSwitch(env: Environment, name: string): boolean {
  const text = env[name]?.toLowerCase() ?? ''
  if (['', '0', 'false', 'no', 'off'].includes(text)) return false
  if (['1', 'true', 'yes', 'on'].includes(text)) return true
  throw wrong(name, text, 'on or off', 'Give "on" or "off".')
}

const wrong = (name: string, text: string, what: string, hint: string): StudioError =>
  new StudioError('malformed', `${name} is "${text}", which is not ${what}.`, hint)

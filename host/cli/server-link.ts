import type { Command } from 'commander'
import { config as readDotenv } from 'dotenv'
import * as z from 'zod'
import { DEFAULT_TENANT, DEFAULT_USER, type Caller } from '../../core/contract/caller.ts'
import { ErrorBody, StudioError } from '../../core/contract/errors.ts'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import { operations, type InputOf, type OperationName } from '../../core/contract/index.ts'
import type { Rest } from '../../core/contract/rest.ts'
import { readServerMode } from '../compose/server-mode.ts'
import { createHost } from '../host.ts'

/** A server as the command line uses it: one that runs, with a key, or its store, opened by this very process as the operator. */
export type ServerLink = Readonly<{
  /** The answer as JSON, whose times are numbers or ISO 8601; `tenant`: in that one, for an operator. Throws StudioError. */
  call: <Name extends OperationName>(name: Name, input: InputOf<Name>, tenant?: string) => Promise<unknown>
  close: () => Promise<void>
}>

export type ServerOptions = Readonly<{ server?: string; store?: string; tenant?: string }>

/** What names a server, alike for every command that works on one. */
export const withServerOptions = (command: Command): Command =>
  command
    .option('--server <url>', 'a running server (default: GREENROOM_URL), with the key in GREENROOM_API_KEY')
    .option('--store <url>', 'its store (default: DATABASE_URL, MONGO_URI, else SQLite in the data folder)')
    .option('--tenant <id>', 'of this tenant (default: the server’s own, or the one of the key)')

export async function openServer({ server, store, tenant }: ServerOptions, data_dir: string): Promise<ServerLink> {
  readDotenv({ quiet: true })
  const url = server ?? process.env['GREENROOM_URL']
  return url && store === undefined ? overHttp(url, tenant) : onStore(data_dir, store, tenant)
}

/** Whoever can open the store can do everything to it: this process is the operator. */
async function onStore(data_dir: string, store: string | undefined, tenant: string = DEFAULT_TENANT): Promise<ServerLink> {
  const host = await createHost({
    data_dir,
    samples_dir: null,
    server: readServerMode(process.env, { store, worker: false }),
  }).catch((cause: unknown) => {
    if (!(cause instanceof StudioError && cause.code === 'conflict')) throw cause
    throw new StudioError(
      'conflict',
      'A running server holds the data folder.',
      'Ask the server itself: GREENROOM_URL=http://127.0.0.1:8000 with the key in GREENROOM_API_KEY (or --server).',
    )
  })
  return {
    call: async (name, input, within = tenant) => {
      const reply = await host.dispatch(operatorIn(within), name, input)
      if (reply.ok) return reply.value
      const { code, message, hint, problems } = reply.error
      throw new StudioError(code, message, hint, problems)
    },
    close: host.close,
  }
}

const operatorIn = (tenant: string): Caller => ({
  ...{ tenant_id: TenantId.parse(tenant), role: 'operator', via: 'cli' },
  user_id: tenant === DEFAULT_TENANT ? DEFAULT_USER : UserId.parse(`${DEFAULT_USER}@${DEFAULT_TENANT}`),
})

const Failure = z.object({ error: ErrorBody })

function overHttp(url: string, tenant: string | undefined): ServerLink {
  const key = process.env['GREENROOM_API_KEY']
  if (!key) throw noKey()
  return {
    call: async (name, input, within = tenant) => {
      const headers = { authorization: `Bearer ${key}`, ...(within !== undefined && { 'x-greenroom-tenant': within }) }
      const { method, address, body } = requestOf(name, z.record(z.string(), z.unknown()).parse(input))
      const response = await fetch(new URL(address, url), {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body }),
      }).catch((cause: unknown) => {
        throw new StudioError('unavailable', `Nothing answers at ${url}.`, 'Is the server running there?', [], { cause })
      })
      const answer: unknown = await response.json().catch(() => undefined)
      if (response.ok) return answer
      const failure = Failure.safeParse(answer)
      if (!failure.success)
        throw new StudioError('unavailable', `${url} answered ${response.status}.`, 'Is this the address of a Greenroom server?')
      const { code, message, hint, problems } = failure.data.error
      throw new StudioError(code, message, hint, problems)
    },
    close: async () => undefined,
  }
}

/** The first address of an operation, with its input where it belongs. */
function requestOf(name: OperationName, input: Readonly<Record<string, unknown>>) {
  const [rest] = restsOf(operations[name])
  if (!rest) throw new StudioError('unsupported', `${name} cannot be asked of a running server.`, 'Stop it, and use --store.')
  const inPath = new Set([...rest.path.matchAll(/:(\w+)/g)].map(([, key]) => key))
  const path = rest.path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(input[key])))
  const others = Object.entries(input).filter(([key, value]) => !inPath.has(key) && value !== undefined)
  const hasBody = rest.method === 'POST' || rest.method === 'PUT'
  const query = new URLSearchParams(
    hasBody ? {} : Object.fromEntries(others.map(([key, value]) => [key, String(value)])),
  ).toString()
  return {
    method: rest.method,
    address: query === '' ? path : `${path}?${query}`,
    body: hasBody ? JSON.stringify(Object.fromEntries(others)) : undefined,
  }
}

function restsOf(operation: Readonly<{ rest?: Rest | readonly Rest[] }>): readonly Rest[] {
  const { rest } = operation
  if (rest === undefined) return []
  return 'path' in rest ? [rest] : rest
}

const noKey = () =>
  new StudioError(
    'unauthorized',
    'A running server wants an API key.',
    'Put it into the variable GREENROOM_API_KEY; arguments are seen by every process of the machine.',
  )

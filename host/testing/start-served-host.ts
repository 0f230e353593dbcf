import { DEFAULT_TENANT, DEFAULT_USER, type Caller, type Role } from '../../core/contract/caller.ts'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import type { InputOf, OperationName, OutputOf, Reply } from '../../core/contract/index.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { readServerMode } from '../compose/server-mode.ts'
import { startTestHost, type TestHost, type TestHostOptions } from './start-test-host.ts'

export type ServedTestHost = TestHost &
  Readonly<{
    as: <Name extends OperationName>(caller: Caller, name: Name, input: InputOf<Name>) => Promise<Reply<OutputOf<Name>>>
    /** The value, or the error thrown. */
    get: <Name extends OperationName>(caller: Caller, name: Name, input: InputOf<Name>) => Promise<OutputOf<Name>>
    /** The value of the first admin key of each tenant. */
    keys: Readonly<Record<string, string>>
  }>

export const OPERATOR: Caller = { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER, role: 'operator', via: 'test' }

export const callerOf = (tenant: string, role: Role = 'admin', user = 'admin'): Caller => ({
  tenant_id: TenantId.parse(tenant),
  user_id: UserId.parse(user),
  role,
  via: 'test',
})

/** A host as `greenroom serve` runs it, without its listener, on SQLite; with these tenants beside the server's own. */
export async function startServedHost(tenants: readonly string[], options: TestHostOptions = {}): Promise<ServedTestHost> {
  const studio = await startTestHost({ server: readServerMode({}, { worker: false }), ...options })
  const as: ServedTestHost['as'] = (caller, name, input) => studio.host.dispatch(caller, name, input)
  const get: ServedTestHost['get'] = async (caller, name, input) => {
    const reply = await as(caller, name, input)
    if (reply.ok) return reply.value
    throw new StudioError(reply.error.code, reply.error.message, reply.error.hint, reply.error.problems)
  }
  const keys: Record<string, string> = {}
  for (const id of tenants) {
    const made = await get(OPERATOR, 'tenant.create', { tenant_id: TenantId.parse(id), name: id })
    keys[id] = made.value
  }
  return { ...studio, as, get, keys }
}

export const userId = (id: string): UserId => UserId.parse(id)

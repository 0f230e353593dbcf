/**
 * Keys, tenants and the audit of a server from the command line. Threat: a key that is printed lands in a terminal's history of output; it is
 * printed once, when it is made, on standard output alone, so that it can be sent on without being shown.
 */
import { InvalidArgumentError, type Command } from 'commander'
import * as z from 'zod'
import { Role } from '../../core/contract/caller.ts'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import { table, type Output } from './output.ts'
import { verifyAudit } from './verify-audit.ts'
import { openServer, withServerOptions, type ServerLink, type ServerOptions } from './server-link.ts'

export type AccessContext = Readonly<{
  out: Output
  isJson: () => boolean
  data_dir: () => string
  finish: (code: number) => void
}>
type Work = (link: ServerLink, say: Say) => Promise<number | undefined>
export type Say = Readonly<{ json: (value: unknown) => boolean; text: (text: string) => void; note: (text: string) => void }>

/** Times are numbers from a store and ISO 8601 from a server. */
const At = z.union([z.number(), z.string()]).optional()
const Limits = z.record(z.string(), z.number().nullable().optional())
const Key = z.object({
  ...{ key_id: z.string(), name: z.string(), prefix: z.string(), user_id: z.string(), role: z.string() },
  ...{ created_at: At, expires_at: At, revoked_at: At, last_used_at: At },
})
const Tenant = z.object({
  tenant_id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  private_addresses: z.boolean(),
  retention_days: z.int().nullable(),
  limits: Limits,
})
const DAY_MS = 86_400_000

export function addAccessCommands(command: (name: string, description: string) => Command, context: AccessContext): void {
  const group = (name: string, description: string) => {
    const made = withServerOptions(command(name, description))
    const run = (work: Work) => onServer(context, made.opts<ServerOptions>(), work)
    return { made, run }
  }
  const keys = group('keys', 'API keys of a server')
  keys.made
    .command('list')
    .description('Which there are; never their values')
    .action(() => keys.run(listKeys))
  keys.made
    .command('create <name>')
    .description('Make a key; its value is printed once')
    .option('--role <role>', Role.options.join(', '), readRole, 'developer')
    .option('--user <id>', 'whose it is (default: of whoever makes it)')
    .option('--days <number>', 'how long it is good (default: for ever)', positive)
    .action((name: string, options: KeyOptions) => keys.run(createKey(name, options)))
  keys.made
    .command('revoke <key_id>')
    .description('Refuse a key from now on, on every instance')
    .action((key_id: string) => keys.run(revokeKey(key_id)))

  const tenants = group('tenants', 'Tenants of a server')
  tenants.made
    .command('list')
    .description('Which there are')
    .action(() => tenants.run(listTenants))
  tenants.made
    .command('create <name>')
    .description('Make a tenant; its first admin key is printed once')
    .option('--id <id>', 'lower-case letters, digits and "_" (default: a new UUID)')
    .action((name: string, { id }: { id?: string }) => tenants.run(createTenant(name, id)))
  tenants.made
    .command('set <tenant_id>')
    .description('Change limits and permissions of a tenant; "none" lifts a limit')
    .option('--sessions <number>', 'calls at once', limit)
    .option('--minutes <number>', 'minutes of calls in a month', limit)
    .option('--requests <number>', 'requests a minute', limit)
    .option('--agents <number>', 'agents', limit)
    .option('--kept-days <number>', 'how long calls are kept after their end; 0: for ever, none: as the server does it', limit)
    .option('--private-addresses <on|off>', 'whether its webhooks, tools and providers may be inside the network', onOff)
    .option('--enabled <on|off>', 'disabled, its keys and calls are refused', onOff)
    .action((tenant_id: string, options: TenantOptions) => tenants.run(setTenant(tenant_id, options)))

  const audit = group('audit', 'What was changed on a server, and by whom')
  audit.made
    .command('verify')
    .description('Whether every row of every tenant (--tenant: of one) follows from the one before; exit code 1 if not')
    .action(() => audit.run((link, say) => verifyAudit(link, say, audit.made.opts<ServerOptions>().tenant)))
}

/** A command of another group that works on a server: sealing its secrets anew. */
export function addRotateCommand(secrets: Command, context: AccessContext): void {
  const rotate = withServerOptions(secrets.command('rotate'))
  rotate
    .description(
      'Seal the secrets of a server with its present key (GREENROOM_SECRET_KEY; the one before in GREENROOM_SECRET_KEY_OLD)',
    )
    .action(() => onServer(context, rotate.opts<ServerOptions>(), rotateSecrets))
}

async function onServer({ out, isJson, data_dir, finish }: AccessContext, options: ServerOptions, work: Work): Promise<void> {
  const link = await openServer(options, data_dir())
  const json = (value: unknown) => {
    if (isJson()) out.json(value)
    return isJson()
  }
  try {
    finish((await work(link, { json, text: out.result, note: out.note })) ?? 0)
  } finally {
    await link.close()
  }
}

const listKeys: Work = async (link, say) => {
  const { keys } = z.object({ keys: z.array(Key) }).parse(await link.call('key.list', { limit: 500 }))
  if (say.json(keys)) return
  const head = ['KEY', 'BEGINS', 'NAME', 'USER', 'ROLE', 'STATE', 'LAST USED']
  const rows = keys.map((key) => [key.key_id, key.prefix, key.name, key.user_id, key.role, stateOf(key), time(key.last_used_at)])
  say.text(rows.length === 0 ? 'There are no keys.' : table([head, ...rows]))
}

type KeyOptions = Readonly<{ role: Role; user?: string; days?: number }>
const createKey =
  (name: string, { role, user, days }: KeyOptions): Work =>
  async (link, say) => {
    const answer = await link.call('key.create', {
      ...{ name, role },
      ...(user !== undefined && { user_id: UserId.parse(user) }),
      ...(days !== undefined && { expires_at: Date.now() + days * DAY_MS }),
    })
    if (say.json(answer)) return
    const { key, value } = z.object({ key: Key, value: z.string() }).parse(answer)
    say.note(`Key ${key.key_id} (${key.role}); its value is shown this once:`)
    say.text(value)
  }

const revokeKey =
  (key_id: string): Work =>
  async (link, say) => {
    const answer = await link.call('key.revoke', { key_id })
    if (!say.json(answer)) say.text(`Key ${key_id} is refused from now on.`)
  }

const listTenants: Work = async (link, say) => {
  const { tenants } = z.object({ tenants: z.array(Tenant) }).parse(await link.call('tenant.list', { limit: 500 }))
  if (say.json(tenants)) return
  const head = ['TENANT', 'NAME', 'STATE', 'LIMITS']
  const rows = tenants.map((one) => [one.tenant_id, one.name, one.enabled ? 'enabled' : 'disabled', limitsOf(one)])
  say.text(table([head, ...rows]))
}

const createTenant =
  (name: string, id: string | undefined): Work =>
  async (link, say) => {
    const answer = await link.call('tenant.create', { name, ...(id !== undefined && { tenant_id: TenantId.parse(id) }) })
    if (say.json(answer)) return
    const { tenant, value } = z.object({ tenant: Tenant, value: z.string() }).parse(answer)
    say.note(`Tenant ${tenant.tenant_id}; the value of its first admin key is shown this once:`)
    say.text(value)
  }

/** What commander gives for an option has to be something. */
type Limit = number | 'none'
const lifted = (limit: Limit): number | null => (limit === 'none' ? null : limit)
type TenantOptions = Readonly<{
  sessions?: Limit
  minutes?: Limit
  requests?: Limit
  agents?: Limit
  keptDays?: Limit
  privateAddresses?: boolean
  enabled?: boolean
}>
const setTenant =
  (tenant_id: string, { sessions, minutes, requests, agents, keptDays, privateAddresses, enabled }: TenantOptions): Work =>
  async (link, say) => {
    const limits = {
      ...(sessions !== undefined && { sessions: lifted(sessions) }),
      ...(minutes !== undefined && { minutes_per_month: lifted(minutes) }),
      ...(requests !== undefined && { requests_per_minute: lifted(requests) }),
      ...(agents !== undefined && { agents: lifted(agents) }),
    }
    const answer = await link.call('tenant.update', {
      tenant_id: TenantId.parse(tenant_id),
      limits,
      ...(keptDays !== undefined && { retention_days: lifted(keptDays) }),
      ...(privateAddresses !== undefined && { private_addresses: privateAddresses }),
      ...(enabled !== undefined && { enabled }),
    })
    if (say.json(answer)) return
    const tenant = Tenant.parse(answer)
    say.text(`${tenant.tenant_id}: ${tenant.enabled ? 'enabled' : 'disabled'}; ${limitsOf(tenant)}`)
  }

const rotateSecrets: Work = async (link, say) => {
  const answer = await link.call('secret.rotate', {})
  if (say.json(answer)) return
  const { tenants, resealed, kept } = z.object({ tenants: z.int(), resealed: z.int(), kept: z.int() }).parse(answer)
  say.text(`${resealed} sealed anew, ${kept} were already; ${tenants} tenants.`)
  say.note('GREENROOM_SECRET_KEY_OLD is not needed any more.')
}

const time = (at: z.infer<typeof At>): string => (at === undefined ? '' : new Date(at).toISOString())

function stateOf({ revoked_at, expires_at }: z.infer<typeof Key>): string {
  if (revoked_at !== undefined) return 'revoked'
  if (expires_at === undefined) return 'good'
  return new Date(expires_at).getTime() > Date.now() ? `until ${time(expires_at)}` : 'expired'
}

function limitsOf({ limits, private_addresses, retention_days }: z.infer<typeof Tenant>): string {
  const set = Object.entries(limits).flatMap(([name, value]) => (typeof value === 'number' ? `${name} ${value}` : []))
  const kept = retention_days === 0 ? 'for ever' : `${retention_days} days`
  return [
    ...(set.length === 0 ? ['no limits'] : set),
    ...(private_addresses ? ['private addresses'] : []),
    ...(retention_days === null ? [] : [`calls kept ${kept}`]),
  ].join(', ')
}

function readRole(text: string): Role {
  const role = Role.safeParse(text)
  if (role.success) return role.data
  throw new InvalidArgumentError(`It must be one of ${Role.options.join(', ')}.`)
}

function positive(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}

function limit(text: string): Limit {
  if (text === 'none') return text
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number, or "none".')
}

function onOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on'
  throw new InvalidArgumentError('It must be "on" or "off".')
}

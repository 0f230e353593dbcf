import * as z from 'zod'
import { Label, Semver } from '../../../core/contract/agents.ts'
import { Role } from '../../../core/contract/caller.ts'
import { ConnectionId } from '../../../core/contract/connections.ts'
import { PriceSnapshot, ProviderCheck } from '../../../core/contract/providers.ts'
import { ProviderKind } from '../../../core/contract/providers.ts'
import { Release } from '../../../core/contract/releases.ts'
import { RouteWeights } from '../../../core/contract/routing.ts'
import { ApiKey, Tenant, User } from '../../../core/contract/tenants.ts'
import { TenantId } from '../../../core/contract/ids.ts'
import { Webhook } from '../../../core/contract/webhooks.ts'
import type { Change } from '../../../core/store/store.ts'
import { AnyDocument, AnyJson, AnyObject } from './document-json.ts'

const text = z.string()
const agent = { agent_id: text }
const Version = z.object({ version: Semver, name: text, note: text, author: text, created_at: z.number(), content: AnyDocument })

export const StoredConnection = z.object({
  connection_id: ConnectionId,
  name: text,
  url: text.exactOptional(),
  api_key: text.exactOptional(),
  api_secret: text.exactOptional(),
  serve: z.boolean(),
  automatic: z.boolean(),
})
export const StoredKey = ApiKey.extend({ tenant_id: TenantId, hash: text })
export const SealedSecret = z.object({ name: text, sealed: text, sealed_key: text, key_id: text, updated_at: z.number() })
export const StoredWebhook = Webhook.extend({ secret: text })

const kind = <Kind extends Change['kind'], Shape extends z.core.$ZodLooseShape>(name: Kind, shape: Shape) =>
  z.object({ kind: z.literal(name), ...shape })

/** Every change that a store takes, as it crosses the network. */
export const ChangeSchema = z.discriminatedUnion('kind', [
  kind('agent.create', { ...agent, id: text, content: AnyDocument, note: text, owner_id: text.exactOptional() }),
  kind('agent.serve_head', agent),
  kind('agent.revise', { ...agent, content: AnyDocument, based_on: z.int(), note: text }),
  kind('agent.import', { ...agent, id: text, content: AnyDocument, based_on: z.int(), note: text, versions: z.array(Version) }),
  kind('working_copy.write', { ...agent, content: AnyDocument, based_on: z.int(), edit: z.int(), client_id: text }),
  kind('working_copy.drop', { ...agent, edit: z.int().exactOptional() }),
  kind('version.publish', { ...agent, version: Semver, revision: z.int(), name: text, note: text }),
  kind('label.set', { ...agent, label: Label, version: text.nullable() }),
  kind('agent.state', { ...agent, enabled: z.boolean().exactOptional(), is_default: z.boolean().exactOptional() }),
  kind('agent.delete', agent),
  kind('agent.undelete', agent),
  kind('agent.purge', agent),
  kind('setting.set', { values: z.record(text, AnyJson) }),
  kind('price.set', {
    of: z.object({ kind: ProviderKind, provider: text, model: text }),
    price: PriceSnapshot.nullable(),
  }),
  kind('check.keep', { check: ProviderCheck }),
  kind('connection.save', { connection: StoredConnection }),
  kind('connection.delete', { connection_id: ConnectionId }),
  kind('route.weights', { weights: RouteWeights, based_on: RouteWeights.exactOptional() }),
  kind('tenant.save', { tenant: Tenant, is_new: z.boolean().exactOptional() }),
  kind('user.save', { user: User, is_new: z.boolean().exactOptional() }),
  kind('key.save', { key: StoredKey }),
  kind('key.used', { key_id: text, at: z.number() }),
  kind('user.default_agent', { user_id: text, agent_id: text.nullable() }),
  kind('keeper.require', { of: z.enum(['user', 'key']), role: Role, at: z.number() }),
  kind('secret.keep', { secret: SealedSecret }),
  kind('secret.forget', { name: text }),
  kind('release.save', { release: Release, based_on: z.number().exactOptional() }),
  kind('webhook.save', { webhook: StoredWebhook }),
  kind('webhook.remove', { webhook_id: text }),
]) satisfies z.ZodType<Change>

export const AuditSchema = z.object({ action: text.min(1).max(100), subject: text.max(1000), detail: AnyObject })

import * as z from 'zod'
import { ConnectionId } from '../../../core/contract/connections.ts'
import { SessionId } from '../../../core/contract/ids.ts'
import { ArmStats } from '../../../core/contract/releases.ts'
import { JournalEvent, JournalPosition } from '../../../core/contract/session-events.ts'
import { SessionSummary } from '../../../core/contract/sessions.ts'
import { Limits } from '../../../core/contract/tenants.ts'
import { Delivery } from '../../../core/contract/webhooks.ts'
import {
  CallChangeSchema,
  CommandSchema,
  LeftSchema,
  ScopeSchema,
  StoredDeliverySchema,
  StoredSessionSchema,
} from './call-schemas.ts'
import { storeMethod } from './store-method.ts'

const text = z.string()
const nothing = z.tuple([])
const call = z.tuple([SessionId])
const page = z.object({ limit: z.int(), cursor: text.optional() })
const paged = <Row extends z.ZodType>(rows: Row) =>
  z.object({ rows: z.array(rows), count: z.int(), next_cursor: text.exactOptional() })
const Query = z.object({
  q: text.exactOptional(),
  agent_id: text.exactOptional(),
  user_id: text.exactOptional(),
  state: z.enum(['active', 'ended']).exactOptional(),
  limit: z.int(),
  cursor: text.exactOptional(),
})
const Room = z.object({ connection_id: ConnectionId, room_name: text, ended_since: z.number() })

export const callMethods = {
  find: storeMethod('calls.find', {
    args: call,
    result: StoredSessionSchema.optional(),
    run: ({ calls }, scope, args) => calls.find(scope, ...args),
  }),
  list: storeMethod('calls.list', {
    args: z.tuple([Query]),
    result: paged(SessionSummary),
    run: ({ calls }, scope, args) => calls.list(scope, ...args),
  }),
  journal: storeMethod('calls.journal', {
    args: z.tuple([SessionId, JournalPosition, z.int()]),
    result: z.object({ events: z.array(JournalEvent), more: z.boolean() }),
    run: ({ calls }, scope, args) => calls.journal(scope, ...args),
  }),
  listUnended: storeMethod('calls.listUnended', {
    args: nothing,
    may: 'operator',
    result: z.array(LeftSchema),
    run: ({ calls }) => calls.listUnended(),
  }),
  listExpired: storeMethod('calls.listExpired', {
    args: z.tuple([z.number(), z.int()]),
    may: 'operator',
    result: z.array(LeftSchema),
    run: ({ calls }, _scope, args) => calls.listExpired(...args),
  }),
  countActive: storeMethod('calls.countActive', {
    args: nothing,
    result: z.record(text, z.int()),
    run: ({ calls }, scope) => calls.countActive(scope),
  }),
  armStats: storeMethod('calls.armStats', {
    args: z.tuple([text, z.number()]),
    // Of A/B weights the arms are agents.
    result: z.array(ArmStats.extend({ version: text })),
    run: ({ calls }, scope, args) => calls.armStats(scope, ...args),
  }),
  findLost: storeMethod('calls.findLost', {
    args: z.tuple([Room]),
    result: StoredSessionSchema.optional(),
    run: ({ calls }, scope, args) => calls.findLost(scope, ...args),
  }),
  commit: storeMethod('calls.commit', {
    args: z.tuple([z.array(CallChangeSchema)]),
    writes: true,
    keeps_key: true,
    result: z.array(SessionSummary),
    run: ({ calls }, scope, args, once) => calls.commit(scope, ...args, once),
  }),
  removeEnded: storeMethod('calls.removeEnded', {
    args: z.tuple([z.union([z.object({ user_id: text }), z.object({ ended_before: z.number() })]), z.int()]),
    may: 'operator',
    writes: true,
    result: z.array(SessionId),
    run: ({ calls }, scope, args) => calls.removeEnded(scope, ...args),
  }),
  purgeDeleted: storeMethod('calls.purgeDeleted', {
    args: z.tuple([z.number()]),
    may: 'operator',
    writes: true,
    result: z.int(),
    run: ({ calls }, _scope, args) => calls.purgeDeleted(...args),
  }),
}

export const deliveryMethods = {
  list: storeMethod('deliveries.list', {
    args: z.tuple([text, page]),
    result: paged(Delivery),
    run: ({ calls }, scope, args) => calls.deliveries.list(scope, ...args),
  }),
  find: storeMethod('deliveries.find', {
    args: z.tuple([text]),
    result: StoredDeliverySchema.optional(),
    run: ({ calls }, scope, args) => calls.deliveries.find(scope, ...args),
  }),
  claim: storeMethod('deliveries.claim', {
    args: z.tuple([z.number(), z.number(), z.int()]),
    may: 'operator',
    writes: true,
    result: z.array(z.object({ scope: ScopeSchema, delivery: StoredDeliverySchema })),
    run: ({ calls }, _scope, args) => calls.deliveries.claim(...args),
  }),
  prune: storeMethod('deliveries.prune', {
    args: z.tuple([z.number()]),
    may: 'operator',
    writes: true,
    result: z.int(),
    run: ({ calls }, _scope, args) => calls.deliveries.prune(...args),
  }),
}

const Place = z.object({ session_id: SessionId, key_id: text.optional(), owner: text, lease_until: z.number() })
const Use = z.object({
  session_id: SessionId,
  month: text,
  ms: z.number(),
  key: z.object({ key_id: text, limits: Limits }).exactOptional(),
})
const operates = { may: 'operator', writes: true } as const

export const limitMethods = {
  takePlace: storeMethod('limits.takePlace', {
    ...operates,
    args: z.tuple([Place, z.object({ tenant: Limits, key: Limits.optional(), server: z.number().optional() }), z.number()]),
    result: z
      .object({
        limit: z.enum(['sessions', 'minutes_per_month']),
        of: z.enum(['tenant', 'key', 'server']),
        used: z.number(),
        most: z.number(),
      })
      .optional(),
    run: ({ limits }, scope, args) => limits.takePlace(scope, ...args),
  }),
  renewPlaces: storeMethod('limits.renewPlaces', {
    ...operates,
    args: z.tuple([text, z.array(SessionId), z.number()]),
    result: z.undefined(),
    run: ({ limits }, _scope, args) => limits.renewPlaces(...args),
  }),
  leavePlace: storeMethod('limits.leavePlace', {
    ...operates,
    args: call,
    result: z.undefined(),
    run: ({ limits }, scope, args) => limits.leavePlace(scope, ...args),
  }),
  takeMinutes: storeMethod('limits.takeMinutes', {
    ...operates,
    args: z.tuple([Use, Limits]),
    result: z.object({ granted_ms: z.number(), used_ms: z.number() }),
    run: ({ limits }, scope, args) => limits.takeMinutes(scope, ...args),
  }),
  settleMinutes: storeMethod('limits.settleMinutes', {
    ...operates,
    args: z.tuple([SessionId, z.record(text, z.number())]),
    result: z.undefined(),
    run: ({ limits }, scope, args) => limits.settleMinutes(scope, ...args),
  }),
  takeRequests: storeMethod('limits.takeRequests', {
    ...operates,
    args: z.tuple([text, z.int(), z.int(), z.int()]),
    result: z.int(),
    run: ({ limits }, scope, args) => limits.takeRequests(scope, ...args),
  }),
  prune: storeMethod('limits.prune', {
    ...operates,
    args: z.tuple([z.number()]),
    result: z.int(),
    run: ({ limits }, _scope, args) => limits.prune(...args),
  }),
  usage: storeMethod('limits.usage', {
    args: z.tuple([text, z.number()]),
    result: z.object({ sessions: z.int(), minutes_ms: z.number() }),
    run: ({ limits }, scope, args) => limits.usage(scope, ...args),
  }),
}

export const commandMethods = {
  send: storeMethod('commands.send', {
    args: z.tuple([CommandSchema]),
    writes: true,
    result: z.undefined(),
    run: ({ commands }, scope, args) => commands.send(scope, ...args),
  }),
  take: storeMethod('commands.take', {
    ...operates,
    args: z.tuple([text]),
    result: z.array(z.object({ scope: ScopeSchema, command: CommandSchema })),
    run: ({ commands }, _scope, args) => commands.take(...args),
  }),
}

export const healthMethod = storeMethod('health', {
  args: nothing,
  result: z.object({
    kind: text,
    state: z.enum(['ok', 'slow', 'down']),
    since: z.number(),
    reason: text.exactOptional(),
    notes: z.array(text),
  }),
  run: async ({ health }) => {
    const { address: _, ...told } = await health()
    return told
  },
})

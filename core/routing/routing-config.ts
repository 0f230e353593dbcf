import * as z from 'zod'

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const time = () => z.string().regex(TIME, 'must be a time of day such as 09:30')

/** A caller's attribute that leads here. `equals`: one of these, compared as text ignoring case; absent: whatever it is, if it is there and not false. */
export const AttributeRule = z.looseObject({
  key: z.string().trim().min(1, 'name the attribute').max(128),
  equals: z
    .array(z.union([z.string().max(500), z.number(), z.boolean()]))
    .max(50)
    .optional(),
})
export type AttributeRule = Readonly<z.infer<typeof AttributeRule>>

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Open from `from` until before `to`; a `to` that is not after `from` means the next day. */
export const HoursRule = z.looseObject({
  days: z.array(z.enum(DAYS)).min(1, 'choose a day'),
  from: time(),
  to: time(),
  /** IANA name, e.g. Europe/Berlin. */
  time_zone: z.string().refine(isTimeZone, 'must be a time zone such as "Europe/Berlin" or "UTC"'),
})
export type HoursRule = Readonly<z.infer<typeof HoursRule>>

/** What leads callers to this agent. A/B weights are state and lie beside the document. */
export const RoutingConfig = z.looseObject({
  /** Any case; e.g. "support". */
  purposes: z.array(z.string().trim().min(1, 'is empty').max(64)).max(50).optional(),
  /** Any of them is enough. */
  attributes: z.array(AttributeRule).max(50).optional(),
  /** Any of them is enough. */
  hours: z.array(HoursRule).max(50).optional(),
  /** Registered under its own `agent_id`, so that `RoomAgentDispatch.agentName` reaches it. */
  dispatch_by_name: z.boolean().optional(),
})
export type RoutingConfig = Readonly<z.infer<typeof RoutingConfig>>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

import * as z from 'zod'

/** Names of things, branded so that one cannot stand for another. UUIDs are version 7, lower case. */
const uuid = () => z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'must be a UUIDv7')

/** Name-like, unique per tenant ignoring case; `current` is reserved (`data.md`). */
export const AgentId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1-64 letters, digits, ".", "_" or "-", starting with a letter or digit')
  .refine((id) => id.toLowerCase() !== 'current', '"current" is reserved')
  .brand('AgentId')
export type AgentId = z.infer<typeof AgentId>

export const SessionId = uuid().brand('SessionId')
export type SessionId = z.infer<typeof SessionId>

export const TurnId = uuid().brand('TurnId')
export type TurnId = z.infer<typeof TurnId>

export const TenantId = z.string().min(1).max(64).brand('TenantId')
export type TenantId = z.infer<typeof TenantId>

export const UserId = z.string().min(1).max(128).brand('UserId')
export type UserId = z.infer<typeof UserId>

/** Counts an agent's saves from 1; the highest is head. */
export const Revision = z.int().min(1)
/** Integer milliseconds since the epoch, UTC. */
export const Millis = z.int().min(0)

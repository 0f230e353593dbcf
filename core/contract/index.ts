import type * as z from 'zod'
import { agentOperations } from './agents.ts'
import { auditOperations } from './audit.ts'
import { bundleOperations } from './bundles.ts'
import { configOperations } from './config-api.ts'
import { connectionOperations } from './connections.ts'
import { migratingOperations } from './migrating.ts'
import { modelOperations } from './models.ts'
import { providerOperations } from './providers.ts'
import { releaseOperations } from './releases.ts'
import { extensionOperations } from './extensions.ts'
import { tracingOperations } from './tracing.ts'
import { roomOperations } from './rooms.ts'
import { routingOperations } from './routing.ts'
import { secretOperations } from './secrets.ts'
import { sessionOperations } from './sessions.ts'
import { settingOperations } from './settings.ts'
import { shortOperations } from './short-api.ts'
import { storeOperations } from './store-api.ts'
import { tenantOperations } from './tenants.ts'
import { tokenOperations } from './tokens.ts'
import { toolOperations } from './tools.ts'
import { webhookOperations } from './webhooks.ts'
import { workerOperations } from './worker.ts'
import type { ErrorBody } from './errors.ts'

/** Everything that can be asked of the host. Every transport ends in `dispatch(caller, name, input)` over this table. */
export const operations = {
  ...agentOperations,
  ...sessionOperations,
  ...roomOperations,
  ...connectionOperations,
  ...workerOperations,
  ...routingOperations,
  ...bundleOperations,
  ...migratingOperations,
  ...modelOperations,
  ...providerOperations,
  ...secretOperations,
  ...settingOperations,
  ...toolOperations,
  ...configOperations,
  ...shortOperations,
  ...tokenOperations,
  ...tenantOperations,
  ...auditOperations,
  ...releaseOperations,
  ...tracingOperations,
  ...extensionOperations,
  ...webhookOperations,
  ...storeOperations,
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations
/** What a caller writes (defaults may be left out). */
export type InputOf<Name extends OperationName> = z.input<Operations[Name]['input']>
/** What a handler gets. */
export type ParsedInputOf<Name extends OperationName> = z.output<Operations[Name]['input']>
export type OutputOf<Name extends OperationName> = z.output<Operations[Name]['output']>

export type Reply<Value> = Readonly<{ ok: true; value: Value } | { ok: false; error: ErrorBody }>

export * from './agents.ts'
export * from './bundles.ts'
export * from './caller.ts'
export * from './connections.ts'
export * from './errors.ts'
export * from './events.ts'
export * from './ids.ts'
export * from './models.ts'
export * from './operation.ts'
export * from './providers.ts'
export * from './rooms.ts'
export * from './routing.ts'
export * from './secrets.ts'
export * from './session-events.ts'
export * from './sessions.ts'
export * from './settings.ts'
export * from './tools.ts'

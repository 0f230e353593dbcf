import * as z from 'zod'
import { AgentId } from '../contract/ids.ts'
import { SecretReference } from '../agent/secret-reference.ts'
import { Field } from '../output/field.ts'

/** As LLM providers accept them. */
export const ToolName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be 1-64 small letters, digits or "_", starting with a letter')

/** What an agent can do besides talking; the LLM chooses it by name and description and fills in the parameters. */
const common = {
  name: ToolName,
  description: z.string().max(2000).default(''),
}
const running = {
  parameters: z.array(Field).max(50).default([]),
  /** After this the tool counts as failed, ms. */
  timeout_ms: z.int().min(100).max(120_000).optional(),
  /** May be repeated after a crash; otherwise an unfinished call is reported to the LLM as outcome unknown. */
  idempotent: z.boolean().optional(),
  /** Answered instead of running it, in calls and tests that say so. */
  mock: z.json().optional(),
  /** Said when the tool takes longer than `filler_after_ms`; absent: nothing. */
  filler: z.string().max(500).optional(),
  filler_after_ms: z.int().min(0).max(60_000).optional(),
}

/** An HTTP request. `url`, `headers` and `body` are Liquid templates over `arguments`, the call's variables and `secrets`. */
export const HttpTool = z.looseObject({
  type: z.literal('http'),
  ...common,
  ...running,
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  url: z.string().min(1).max(8000),
  headers: z.record(z.string().min(1).max(200), z.string().max(8000)).optional(),
  /** Absent: the arguments as JSON (as query for GET and DELETE). */
  body: z.string().max(100_000).optional(),
  /** Name in templates (`{{ secrets.crm }}`) → reference. */
  secrets: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), SecretReference).optional(),
})

export type HttpTool = Readonly<z.infer<typeof HttpTool>>

/** An RPC to the caller's frontend, which does it there. */
export const ClientTool = z.looseObject({
  type: z.literal('client'),
  ...common,
  ...running,
  /** RPC method; absent: the tool's name. */
  method: z.string().min(1).max(64).optional(),
})

/** The agent says goodbye (what it is saying is finished) and ends the call. */
export const EndCallTool = z.looseObject({ type: z.literal('end_call'), ...common })

/** Another agent goes on with this call. */
export const HandoffTool = z.looseObject({
  type: z.literal('handoff'),
  ...common,
  agent_id: AgentId,
  /** `clear`: the other agent begins anew and does not know what was said. */
  history: z.enum(['keep', 'clear']).optional(),
})

/** A function of the extension that registers the agent's type; it adds them itself, and a document needs none of them. */
export const ExtensionTool = z.looseObject({ type: z.literal('extension'), ...common, ...running })
export type ExtensionTool = Readonly<z.infer<typeof ExtensionTool>>

const KNOWN = ['http', 'client', 'end_call', 'handoff', 'extension'] as const
/** Kept as it is and told by the lint: this build does not run it. */
const UnknownTool = z.looseObject({
  type: z.string().refine((type) => !KNOWN.some((known) => known === type)),
  name: z.string().optional(),
})

const KnownTool = z.discriminatedUnion('type', [HttpTool, ClientTool, EndCallTool, HandoffTool, ExtensionTool])
export type KnownTool = Readonly<z.infer<typeof KnownTool>>
export type ToolKind = KnownTool['type']
export const ToolKind = z.enum(KNOWN)
/** Those that people write themselves. */
export const WrittenKind = ToolKind.exclude(['extension'])
export type WrittenKind = z.infer<typeof WrittenKind>

/** Tools with parameters and an effect, in the order of their types: others only steer the call. */
export const isActing = (tool: KnownTool): tool is Extract<KnownTool, { type: 'http' | 'client' | 'extension' }> =>
  tool.type === 'http' || tool.type === 'client' || tool.type === 'extension'

export const Tool = z.any().transform((value, context) => {
  const known = z.looseObject({ type: z.enum(KNOWN) }).safeParse(value).success
  const parsed = (known ? KnownTool : UnknownTool).safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) context.addIssue({ code: 'custom', path: issue.path, message: issue.message })
  return z.NEVER
})
export type Tool = KnownTool | Readonly<z.infer<typeof UnknownTool>>

export const isKnownTool = (tool: Tool): tool is KnownTool => KNOWN.some((known) => known === tool.type)

export const Tools = z
  .array(Tool)
  .max(50)
  .superRefine((tools, context) => {
    const seen = new Set<string>()
    tools.forEach(({ name }, index) => {
      if (name !== undefined && seen.has(name)) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `"${name}" is there twice; names must be unique` })
      }
      if (name !== undefined) seen.add(name)
    })
  })

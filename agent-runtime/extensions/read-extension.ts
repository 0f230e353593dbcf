import * as z from 'zod'
import type { ExtensionProblem, LoadedExtension } from '../../core/extension/extension-report.ts'
import { HOOKS, type Extension, type ExtensionTool } from '../../core/extension/extension.ts'
import { readParameters } from '../../core/extension/tool-parameters.ts'
import { isJsonObject, parseJson, type Json } from '../../core/json.ts'
import { ExtensionTool as ToolRow } from '../../core/tools/tool.ts'

/** What can be asked of a module that was loaded. */
export type ReadExtension = Readonly<{ loaded: LoadedExtension; extension: Extension; checks: ReadonlyMap<string, z.ZodType> }>
type Wrong = Omit<ExtensionProblem, 'file'>

const HINT = 'Write: export default defineExtension({ agent_type, name, hooks, tools }).'
const TYPE = /^[a-z][a-z0-9_-]{0,63}$/
const BUILT_IN: ReadonlySet<string> = new Set(['interview', 'support', 'sales', 'onboarding', 'custom'])

/** Everything that is wrong with what a module exports, or what it is. */
export function readExtension(file: string, exported: unknown): ReadExtension | readonly Wrong[] {
  if (!isExtension(exported)) return [{ message: 'its default export is no extension', hint: HINT }]
  const wrong: Wrong[] = [...namesOf(exported), ...hooksOf(exported)]
  const checks = new Map<string, z.ZodType>()
  const tools = (exported.tools ?? []).flatMap((tool) => {
    const read = readTool(tool)
    if ('message' in read) {
      wrong.push(read)
      return []
    }
    if (checks.has(read.row.name))
      wrong.push({ message: `two of its tools are named "${read.row.name}"`, hint: 'Give each its own name.' })
    checks.set(read.row.name, read.check)
    return [read.row]
  })
  if (wrong.length > 0) return wrong
  const hooks = HOOKS.filter((hook) => exported.hooks?.[hook] !== undefined)
  const { agent_type, name } = exported
  return { loaded: { file, agent_type, name, hooks, tools }, extension: exported, checks }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

/** As far as its parts can be looked at one by one. */
const isExtension = (value: unknown): value is Extension =>
  isRecord(value) &&
  typeof value['agent_type'] === 'string' &&
  (value['hooks'] === undefined || isRecord(value['hooks'])) &&
  (value['tools'] === undefined || Array.isArray(value['tools']))

function namesOf({ agent_type, name }: Extension): Wrong[] {
  const wrong: Wrong[] = []
  if (!TYPE.test(agent_type) || BUILT_IN.has(agent_type)) {
    const why = BUILT_IN.has(agent_type) ? 'is one of Greenroom’s own' : 'is no name'
    wrong.push({
      message: `its agent_type "${agent_type}" ${why}`,
      hint: 'Take 1 to 64 small letters, digits, "-" or "_", such as "concierge".',
    })
  }
  if (typeof name !== 'string' || name.trim() === '')
    wrong.push({ message: 'it has no name', hint: 'Give it a name for people, such as "Concierge".' })
  return wrong
}

function hooksOf({ hooks = {} }: Extension): Wrong[] {
  const known: readonly string[] = HOOKS
  return Object.entries(hooks).flatMap(([name, hook]): Wrong[] => {
    if (!known.includes(name)) return [{ message: `there is no hook "${name}"`, hint: `There are ${HOOKS.join(', ')}.` }]
    if (hook !== undefined && typeof hook !== 'function')
      return [{ message: `its hook "${name}" is no function`, hint: 'Write it as (call, given) => { … }.' }]
    return []
  })
}

type ReadTool = Readonly<{ row: ToolRow; check: z.ZodType }>

function readTool(tool: ExtensionTool): ReadTool | Wrong {
  const given: unknown = tool
  if (!isRecord(given) || typeof given['run'] !== 'function')
    return { message: 'one of its tools has no function "run"', hint: 'Write tools as { name, description, parameters, run }.' }
  const label = `its tool "${String(given['name'])}"`
  try {
    const { check, schema } = checkOf(given['parameters'])
    const parameters = readParameters(schema)
    if (!parameters.ok)
      return { message: `${label}: ${parameters.problem}`, hint: 'Flat parameters alone: models fill them in most surely.' }
    const { name, description, timeout_ms, idempotent, filler } = given
    const row = ToolRow.safeParse({
      type: 'extension',
      name,
      description,
      timeout_ms,
      idempotent,
      filler,
      parameters: parameters.fields,
    })
    if (row.success) return { row: row.data, check }
    const [issue] = row.error.issues
    return {
      message: `${label}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not right'}`,
      hint: 'See docs/extensions.md for what a tool has.',
    }
  } catch (cause) {
    return {
      message: `${label}: its parameters cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Give a zod object, or JSON Schema of one.',
    }
  }
}

/** A zod object of whichever copy of zod, or JSON Schema. */
function checkOf(parameters: unknown): Readonly<{ check: z.ZodType; schema: Json }> {
  if (parameters === undefined) return { check: z.record(z.string(), z.unknown()), schema: { type: 'object' } }
  if (isZod(parameters)) return { check: parameters, schema: plain(z.toJSONSchema(parameters, { io: 'input' })) }
  const schema = plain(parameters)
  return { check: isJsonObject(schema) ? z.fromJSONSchema({ ...schema }) : z.never(), schema }
}

const isZod = (value: unknown): value is z.ZodType =>
  isRecord(value) && '_zod' in value && typeof value['safeParse'] === 'function'
const plain = (value: unknown): Json => parseJson(JSON.stringify(value)) ?? null

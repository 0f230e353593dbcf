import { LiquidError } from 'liquidjs'
import type { Problem } from '../contract/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { AgentDocument } from './document.ts'
import { createLiquid } from './liquid-engine.ts'
import { templateVariables } from './template-variables.ts'

export type RenderedPrompt = Readonly<{ text: string; problems: readonly Problem[] }>
type WithVariables = Readonly<{ prompt_config: Pick<AgentDocument['prompt_config'], 'dynamic_vars'> }>

/**
 * Fills a prompt or greeting in. What the caller brings wins over the document's defaults; a variable that nobody knows is
 * printed as nothing and told. A template that cannot be rendered is given back as it is, with the reason.
 */
export function renderPrompt(template: string, variables: JsonObject, document: WithVariables): RenderedPrompt {
  const scope = promptScope(variables, document)
  const problems = templateVariables(template)
    .filter((variable) => !variable.has_default && readPath(scope, variable.name) == null)
    .map(({ name }) => ({ path: '', message: `the variable "${name}" has no value; nothing stands in its place` }))
  try {
    return { text: createLiquid().parseAndRenderSync(template, scope), problems }
  } catch (cause) {
    return { text: template, problems: [...problems, { path: '', message: liquidProblem(cause) }] }
  }
}

/** What templates see: defaults of `dynamic_vars`, overlaid by `variables`; names with dots open up into objects. */
export function promptScope(variables: JsonObject, { prompt_config }: WithVariables): JsonObject {
  const defaults = Object.entries(prompt_config.dynamic_vars).flatMap(([name, declared]): [string, Json][] => {
    const value: Json | undefined = typeof declared === 'object' ? declared.default : declared
    return value === undefined ? [] : [[name, value]]
  })
  return [...defaults, ...Object.entries(variables)].reduce<JsonObject>(
    (scope, [name, value]) => withPath(scope, name.split('.'), value),
    {},
  )
}

/** What is wrong with a template, in one line. */
export function liquidProblem(cause: unknown): string {
  const message = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? ''
  if (!(cause instanceof LiquidError)) return `Liquid: ${message}`
  const [line, column] = cause.token.getPosition()
  return `Liquid: ${message.replace(/, line:\d+, col:\d+$/, '')} (line ${line}, column ${column})`
}

function withPath(scope: JsonObject, [head = '', ...rest]: readonly string[], value: Json): JsonObject {
  const present = Object.hasOwn(scope, head) ? scope[head] : undefined
  const inner = isJsonObject(present) ? present : {}
  const next = rest.length > 0 ? withPath(inner, rest, value) : isJsonObject(value) ? merged(inner, value) : value
  return Object.fromEntries([...Object.entries(scope).filter(([name]) => name !== head), [head, next]])
}

const merged = (base: JsonObject, over: JsonObject): JsonObject =>
  Object.entries(over).reduce((scope, [name, value]) => withPath(scope, [name], value), base)

/** `user_details.name` in a scope; undefined: not there. */
export const readPath = (scope: JsonObject, name: string): Json | undefined =>
  name.split('.').reduce<Json | undefined>((value, key) => {
    if (Array.isArray(value)) return isOwn(value, key) ? readItem(value, key) : undefined
    return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }, scope)

const isOwn = (list: readonly Json[], key: string): boolean => ['first', 'last', 'size'].includes(key) || Object.hasOwn(list, key)
function readItem(list: readonly Json[], key: string): Json | undefined {
  if (key === 'size') return list.length
  return key === 'first' ? list[0] : key === 'last' ? list.at(-1) : list[Number(key)]
}

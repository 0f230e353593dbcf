import type { AgentDocument } from '../../../core/agent/document.ts'
import { templateVariables } from '../../../core/agent/template-variables.ts'
import type { InputOf } from '../../../core/contract/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'

/** What `session.start` takes. */
export type VariableValues = NonNullable<InputOf<'session.start'>['variables']>
type Value = VariableValues[string]

/** A value that the prompt takes from outside, for the form before a call. */
export type CallVariable = Readonly<{ name: string; description: string; fallback: string; declared: boolean; required: boolean }>

/** The variables of an agent: those that it declares, then those that its prompt or greeting only uses. */
export function callVariables({ prompt_config }: AgentDocument): readonly CallVariable[] {
  const used = templateVariables(`${prompt_config.instructions}\n${prompt_config.greeting ?? ''}`)
  const declared = Object.entries(prompt_config.dynamic_vars).flatMap(([name, variable]): CallVariable[] => {
    const { description = '', default: fallback } = typeof variable === 'object' ? variable : { default: variable }
    const leaves = isJsonObject(fallback) ? leavesOf(name, fallback) : [{ name, fallback }]
    return leaves.map((leaf) => ({
      name: leaf.name,
      description,
      fallback: asText(leaf.fallback),
      declared: true,
      required: leaf.fallback === undefined && !used.some((use) => use.name === leaf.name && use.has_default),
    }))
  })
  const known = (name: string) =>
    declared.some(
      (variable) => variable.name === name || variable.name.startsWith(`${name}.`) || name.startsWith(`${variable.name}.`),
    )
  const others = used
    .filter(({ name }) => !known(name))
    .map(({ name, has_default }): CallVariable => ({
      name,
      description: '',
      fallback: '',
      declared: false,
      required: !has_default,
    }))
  return [...declared, ...others]
}

const leavesOf = (name: string, value: JsonObject): readonly { name: string; fallback: Json }[] =>
  Object.entries(value).flatMap(([key, inner]) =>
    isJsonObject(inner) ? leavesOf(`${name}.${key}`, inner) : [{ name: `${name}.${key}`, fallback: inner }],
  )

const asText = (value: Json | undefined): string => {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What was typed, nested by the dots of its name; what was left empty keeps its default. */
export function variableValues(variables: readonly CallVariable[], typed: Readonly<Record<string, string>>): VariableValues {
  let values: VariableValues = {}
  for (const { name, fallback } of variables) {
    const text = typed[name]?.trim() ?? ''
    if (text !== '') values = withValue(values, name.split('.'), asJson(text, fallback))
  }
  return values
}

const isObject = (value: Value | undefined): value is VariableValues => isJsonObject(value)

function withValue(object: VariableValues, [key, ...rest]: readonly string[], value: Value): VariableValues {
  if (key === undefined) return object
  const inner = object[key]
  return { ...object, [key]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value) }
}

/** Typed text stays text, unless the default shows that a number, a truth value or a list is meant. */
function asJson(text: string, fallback: string): Value {
  if (!/^(-?\d|true$|false$|\[)/.test(fallback)) return text
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'number' || typeof value === 'boolean') return value
    return Array.isArray(value) ? value.map(String) : text
  } catch {
    return text // not JSON after all: it is meant as it stands
  }
}

import type { DocumentJson } from '../../../core/contract/index.ts'
import { isJsonObject } from '../../../core/json.ts'
import { textAt, valueAt, withValueAt, type JsonValue } from '../document-edit.ts'
import { parseValue, showValue } from '../parse-value.ts'

const VARS = ['prompt_config', 'dynamic_vars'] as const

export type VariableRow = Readonly<{
  name: string
  default: string
  description: string
  /** Somewhere in instructions or greeting. */
  used: boolean
  /** In `dynamic_vars`. */
  declared: boolean
}>

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } => isJsonObject(value)

export const declaredVariables = (content: DocumentJson): { [name: string]: JsonValue } => {
  const value = valueAt(content, VARS)
  return isObject(value) ? value : {}
}

/** Everything in which variables stand. */
export const promptTemplate = (content: DocumentJson): string =>
  `${textAt(content, ['prompt_config', 'instructions'])}\n${textAt(content, ['prompt_config', 'greeting'])}`

/** The declared variables, then those that are `used` without a declaration; what is used may not be known yet. */
export function variableRows(content: DocumentJson, used: readonly string[] | undefined): readonly VariableRow[] {
  const declared = declaredVariables(content)
  const names = [...new Set([...Object.keys(declared), ...(used ?? [])])]
  return names.map((name) => ({
    name,
    ...readDeclared(declared[name]),
    used: !used || used.some((one) => one === name || one.startsWith(`${name}.`)),
    declared: Object.hasOwn(declared, name),
  }))
}

function readDeclared(value: JsonValue | undefined): { default: string; description: string } {
  if (!isObject(value)) return { default: showValue(value), description: '' }
  return {
    default: showValue(value['default']),
    description: typeof value['description'] === 'string' ? value['description'] : '',
  }
}

/** Sets a part of a variable and keeps whatever else stands there. */
export function setVariable(content: DocumentJson, name: string, part: 'default' | 'description', text: string): DocumentJson {
  const declared = declaredVariables(content)[name]
  const before = isObject(declared) ? declared : declared === undefined ? {} : { default: declared }
  const value = part === 'default' ? parseValue(text) : text || undefined
  const { [part]: _old, ...others } = before
  return withValueAt(content, [...VARS, name], value === undefined ? others : { ...others, [part]: value })
}

export const removeVariable = (content: DocumentJson, name: string): DocumentJson =>
  withValueAt(content, [...VARS, name], undefined)

import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType, type ParsedFieldType } from './field-type.ts'

type Row = FieldRule & Readonly<{ description?: string | undefined }>
type Of = Readonly<{ agent_id: string; name: string; fields: readonly Row[] }>

/**
 * TypeScript for an agent's frontend: the type of `output` in its turns and in the summary at the end of a call, as `validateOutput` leaves
 * it. Names and descriptions are anybody's text: they can end no comment and no string.
 */
export function outputType({ agent_id, name, fields }: Of): string {
  const type = typeName(agent_id)
  const rows = fields.flatMap((field) => {
    const words = comment(wordsOf(field))
    return [...(words === '' ? [] : [`  /** ${words} */`]), `  ${field.field_name}: ${typeOf(field)}`]
  })
  return [
    `/** What ${comment(`“${name}” (${agent_id})`)} answers in a turn. */`,
    `export type ${type} = {`,
    ...rows,
    '}',
    '',
  ].join('\n')
}

/** `support-agent-v1` → `SupportAgentV1Output`. */
function typeName(agent_id: string): string {
  const words = agent_id.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  const name = `${words.join('')}Output`
  return /^\d/.test(name) ? `Agent${name}` : name
}

function typeOf({ field_type, required, default: otherwise }: Row): string {
  const parsed = parseFieldType(field_type)
  const type = parsed.ok ? textOf(parsed.type) : 'unknown'
  // Nothing for an optional field becomes its default, where it has one.
  return required || (otherwise !== undefined && otherwise !== null) ? type : `${type} | null`
}

function textOf(type: ParsedFieldType): string {
  switch (type.kind) {
    case 'str':
      return 'string'
    case 'int':
    case 'float':
      return 'number'
    case 'bool':
      return 'boolean'
    case 'list':
      return `${textOf({ kind: type.item })}[]`
    case 'literal':
      return type.values.map((value) => JSON.stringify(value)).join(' | ')
  }
}

const wordsOf = ({ description = '', field_type, constraints }: Row): string =>
  [description.trim(), field_type.startsWith('Literal') ? '' : field_type, boundsOf(constraints)].filter(Boolean).join(' · ')

const boundsOf = (rules: FieldConstraints): string =>
  Object.entries(rules)
    .map(([rule, value]) => `${rule} ${String(value)}`)
    .join(', ')

const comment = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /')

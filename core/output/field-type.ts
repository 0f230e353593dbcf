import * as z from 'zod'

/** A field's type, parsed. Its text form is Python's, because that is what clients store. */
export type ParsedFieldType =
  | Readonly<{ kind: 'str' | 'int' | 'float' | 'bool' }>
  | Readonly<{ kind: 'list'; item: 'str' | 'int' }>
  | Readonly<{ kind: 'literal'; values: readonly string[] }>

const SIMPLE: Readonly<Record<string, ParsedFieldType>> = {
  str: { kind: 'str' },
  int: { kind: 'int' },
  float: { kind: 'float' },
  bool: { kind: 'bool' },
  'list[str]': { kind: 'list', item: 'str' },
  'list[int]': { kind: 'list', item: 'int' },
}

export type FieldTypeResult = Readonly<{ ok: true; type: ParsedFieldType } | { ok: false; problem: string }>

const ALLOWED = `use str, int, float, bool, list[str], list[int] or Literal['a', 'b']`

/** Reads a type as people write it: `Literal["it's", 'b']` with either quote and backslash escapes, spaces anywhere between parts. */
export function parseFieldType(text: string): FieldTypeResult {
  const simple = SIMPLE[text.replaceAll(/\s+/g, '')]
  if (simple) return { ok: true, type: simple }
  const body = /^\s*Literal\s*\[(.*)\]\s*$/s.exec(text)?.[1]
  if (body === undefined) return { ok: false, problem: `"${text}" is not a field type; ${ALLOWED}` }
  const values: string[] = []
  let rest = body.trim()
  while (rest !== '') {
    const match = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,\s*|$)/s.exec(rest)
    if (!match)
      return {
        ok: false,
        problem: `the choices of Literal must be quoted and separated by commas: Literal['a', 'b']; this is not: ${rest}`,
      }
    values.push((match[1] ?? match[2] ?? '').replaceAll(/\\(.)/gs, '$1'))
    rest = rest.slice(match[0].length)
  }
  if (values.length === 0) return { ok: false, problem: `Literal needs at least one choice: Literal['a', 'b']` }
  const double = values.find((value, index) => values.indexOf(value) !== index)
  if (double !== undefined) return { ok: false, problem: `the choice "${double}" is there twice` }
  return { ok: true, type: { kind: 'literal', values } }
}

export const formatLiteral = (values: readonly string[]): string =>
  `Literal[${values.map((value) => `'${value.replaceAll(/[\\']/g, '\\$&')}'`).join(', ')}]`

export const FieldType = z.string().superRefine((text, context) => {
  const result = parseFieldType(text)
  if (!result.ok) context.addIssue(result.problem)
})

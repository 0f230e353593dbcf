import type { Field } from '../../../core/output/field.ts'
import { exampleValue } from '../../../core/output/example-output.ts'
import { wholeBounds } from '../../../core/output/field-limits.ts'
import { parseFieldType, type ParsedFieldType } from '../../../core/output/field-type.ts'
import { matchingText } from '../../../core/output/matching-text.ts'
import { validateField } from '../../../core/output/validate-output.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { fitText } from './fit-text.ts'
import { pick, type Random } from './seeded-random.ts'

/** What rehearsal knows when it fills a field: the caller's words and what it answered before. Nothing is understood. */
export type Moment = Readonly<{
  random: Random
  /** What the caller said last; empty when nothing was said. */
  said: string
  /** Replies so far. */
  turn: number
  /** The output of the last reply. */
  before: JsonObject
}>

/** A value that fits the field's type and limits: taken from the caller's words where they give one. */
export function fillField(field: Field, moment: Moment): Json {
  const parsed = parseFieldType(field.field_type)
  if (!parsed.ok) return null
  return firstFitting(field, [
    () => guess(parsed.type, field, moment),
    () => exampleValue(field),
    () => field.default ?? null,
    () => null,
  ])
}

/** A text field with a given text, bent to the field's limits. */
export function fillText(field: Field, text: string): Json {
  return firstFitting(field, [
    () => fitText(text, field.constraints),
    () => patterned(field),
    () => exampleValue(field),
    () => null,
  ])
}

/** The first that the validator accepts; the last one when none is, which the call then shows as a problem. */
function firstFitting(field: Field, attempts: readonly (() => Json | undefined)[]): Json {
  let last: Json = null
  for (const attempt of attempts) {
    const value = attempt()
    if (value === undefined) continue
    last = value
    if (validateField(field, value).length === 0) return value
  }
  return last
}

function guess(type: ParsedFieldType, field: Field, moment: Moment): Json | undefined {
  switch (type.kind) {
    case 'str':
      return field.constraints.pattern === undefined ? textFor(field, moment) : patterned(field)
    case 'int':
    case 'float':
      return numberFor(field, type.kind, moment)
    case 'bool':
      return truthFor(field, moment)
    case 'literal':
      return choiceFor(field, type.values, moment)
    case 'list':
      return listFor(field, type.item, moment)
  }
}

const patterned = ({ constraints }: Field) =>
  constraints.pattern === undefined
    ? undefined
    : matchingText(constraints.pattern, { min_length: constraints.min_length ?? 0, max_length: constraints.max_length ?? 200 })

function textFor(field: Field, { said, before }: Moment): Json {
  const name = /\bname\b/.test(field.field_name.replaceAll('_', ' ')) ? nameIn(said) : undefined
  const kept = before[field.field_name]
  if (name ?? said) return fitText(name ?? `Said: "${said}"`, field.constraints)
  return typeof kept === 'string' ? kept : fitText('Nothing was said yet.', field.constraints)
}

const nameIn = (said: string) =>
  /\b(?:my name is|i am|i'm|this is|call me)\s+([\p{Lu}][\p{L}'-]+(?:\s[\p{Lu}][\p{L}'-]+)?)/u.exec(said)?.[1]

/** Longer answers score higher: arbitrary, but it moves, and it stays inside the limits. */
function numberFor({ constraints }: Field, kind: 'int' | 'float', { said, turn }: Moment): number {
  const given = /-?\d+(?:\.\d+)?/.exec(said)?.[0]
  const ratio = Math.min(1, said.split(/\s+/).filter(Boolean).length / 20)
  const { low, high } =
    kind === 'int'
      ? wholeBounds(constraints)
      : { low: constraints.ge ?? constraints.gt ?? -Infinity, high: constraints.le ?? constraints.lt ?? Infinity }
  const bounded = Number.isFinite(low) && Number.isFinite(high)
  const wanted = bounded
    ? low + (high - low) * ratio
    : given === undefined
      ? Math.max(Number.isFinite(low) ? low : 0, turn)
      : Number(given)
  const step = constraints.multiple_of ?? (kind === 'int' ? 1 : 0.01)
  return Number((Math.round(wanted / step) * step).toPrecision(12))
}

const ENDING = /\b(bye|goodbye|that'?s all|thank you,? that|hang up|end the call)\b/i
const YES = /\b(yes|yeah|sure|of course|correct|right|agree|absolutely)\b/i

function truthFor({ field_name, default: preset }: Field, { said }: Moment): boolean {
  if (/(end|done|complete|close|finish|over)/.test(field_name)) return ENDING.test(said)
  if (/(agree|consent|confirm|accept|interest|want|ready)/.test(field_name)) return YES.test(said)
  return preset === true
}

/** A choice that the caller named; stages move on with the conversation; anything else stays as it was. */
function choiceFor(field: Field, values: readonly string[], { said, turn, before, random }: Moment): Json {
  const named = values.find((value) => said.toLowerCase().includes(value.replaceAll('_', ' ').toLowerCase()))
  if (named !== undefined) return named
  const kept = before[field.field_name]
  const last = typeof kept === 'string' ? values.indexOf(kept) : -1
  if (/(stage|phase|step|state|progress|section)/.test(field.field_name)) {
    const next = ENDING.test(said) ? values.length - 1 : Math.floor(turn / 2)
    return values[Math.min(values.length - 1, Math.max(last, next))] ?? null
  }
  if (last >= 0) return values[last] ?? null
  const [first = null, ...others] = values
  return said === '' ? first : pick(random, [first, ...others])
}

function listFor({ constraints }: Field, item: 'str' | 'int', { said }: Moment): Json {
  const { min_items = 0, max_items = 5 } = constraints
  const found: readonly Json[] =
    item === 'str'
      ? wordsOf(said).map((word) => fitText(word, constraints))
      : [...said.matchAll(/-?\d+/g)].map(([digits]) => Number(digits))
  const list: Json[] = [...new Set(found)].slice(0, Math.min(max_items, 5))
  while (list.length < min_items) list.push(item === 'str' ? fitText('nothing yet', constraints) : wholeInside(constraints))
  return list
}

function wholeInside(constraints: Field['constraints']): number {
  const { low, high } = wholeBounds(constraints)
  const step = constraints.multiple_of ?? 1
  const start = Number.isFinite(low) ? low : Math.min(0, high)
  return Math.ceil(start / step) * step
}

/** The longer words: most likely what it was about. */
const wordsOf = (said: string): string[] => (said.toLowerCase().match(/[\p{L}][\p{L}'-]{4,}/gu) ?? []).slice(0, 5)

import { jsonrepair } from 'jsonrepair'
import { isJsonObject, parseJson, type Json, type JsonObject } from '../json.ts'
import { createObjectScanner, type FieldEvent, type OpenField } from './object-scanner.ts'
import { createProseReader } from './prose-reader.ts'

/**
 * `json`: one JSON object, as asked (fences and words around it do not count) · `repaired`: its syntax was mended ·
 * `truncated`: it stopped before its end · `plain`: no JSON at all, the text is the spoken field.
 */
export type OutputParse = 'json' | 'repaired' | 'plain' | 'truncated'

export type OutputReaderEvent =
  FieldEvent | Readonly<{ type: 'object.done'; output: JsonObject; raw: string; parse: OutputParse }>

/** Reads the reply of a model as it streams. `end` is for when no more comes; `object.done` is always the last event, once. */
export type OutputReader = Readonly<{
  push: (chunk: string) => readonly OutputReaderEvent[]
  end: () => readonly OutputReaderEvent[]
}>

const NOTHING: readonly OutputReaderEvent[] = []

/**
 * From token stream to fields, in one pass and each character once. The deltas of a field add up to its value, except where
 * a flaw is mended that had been told already. A name that is there twice is told twice; in the output the last one wins.
 */
export function createOutputReader({ spoken_field }: { spoken_field: string }): OutputReader {
  const prose = createProseReader()
  const scanner = createObjectScanner()
  const done = new Map<string, Json>()
  const told = new Map<string, string>()
  let mode: 'prose' | 'object' | 'over' = 'prose'
  let raw = ''
  /** The object's own text, without what stands around it. */
  let source = ''
  let spokenPlain = ''
  let events: OutputReaderEvent[] = []

  const emit = (event: FieldEvent): void => {
    if (event.type === 'field.delta') told.set(event.field, (told.get(event.field) ?? '') + event.text)
    else if (event.type === 'field.done') done.set(event.field, event.value)
    else told.set(event.field, '')
    events.push(event)
  }

  const speakPlain = (text: string): void => {
    if (text === '') return
    if (spokenPlain === '') emit({ type: 'field.started', field: spoken_field })
    spokenPlain += text
    emit({ type: 'field.delta', field: spoken_field, text })
  }

  function readObject(chunk: string): void {
    const end = scanner.push(chunk, 0, emit)
    const closed = scanner.state() === 'closed'
    source += closed ? chunk.slice(0, end) : chunk
    if (closed) finish('repaired')
  }

  function finish(flawed: 'repaired' | 'truncated'): void {
    mode = 'over'
    const exact = parseJson(source)
    if (isJsonObject(exact)) {
      events.push({ type: 'object.done', output: exact, raw, parse: 'json' })
      return
    }
    const mended = flawed === 'truncated' ? asFarAsKnown(mend(source)) : mend(source)
    for (const [field, value] of Object.entries(mended)) if (!same(done.get(field), value)) tellMended(field, value)
    events.push({ type: 'object.done', output: mended, raw, parse: flawed })
  }

  /** Of a text that stopped: the fields that were done, and the one that was open. Half a name is no field. */
  function asFarAsKnown(mended: JsonObject): JsonObject {
    const open = scanner.openField()
    const entries = [...told.keys()].map((field): [string, Json | undefined] => [
      field,
      field === open?.field ? openValue(open) : (done.get(field) ?? mended[field]),
    ])
    return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined))
  }

  /** A field that was not done, or not rightly, when the text ended or lost its shape: what has not been told of it, then its value. */
  function tellMended(field: string, value: Json): void {
    const before = told.get(field)
    if (before === undefined) emit({ type: 'field.started', field })
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    if (text !== before && text.startsWith(before ?? ''))
      emit({ type: 'field.delta', field, text: text.slice(before?.length ?? 0) })
    emit({ type: 'field.done', field, value })
  }

  function finishPlain(): void {
    mode = 'over'
    speakPlain(prose.rest())
    if (spokenPlain !== '') emit({ type: 'field.done', field: spoken_field, value: spokenPlain })
    const output: JsonObject = spokenPlain === '' ? {} : Object.fromEntries([[spoken_field, spokenPlain]])
    events.push({ type: 'object.done', output, raw, parse: 'plain' })
  }

  const flush = (): readonly OutputReaderEvent[] => {
    if (events.length === 0) return NOTHING
    const all = events
    events = []
    return all
  }

  return {
    push(chunk) {
      if (mode === 'over') return NOTHING
      raw += chunk
      if (mode === 'object') readObject(chunk)
      else {
        const { speak, object } = prose.push(chunk)
        speakPlain(speak)
        if (object !== undefined) {
          mode = 'object'
          readObject(object)
        }
      }
      return flush()
    },
    end() {
      if (mode === 'prose') finishPlain()
      else if (mode === 'object') finish(scanner.state() === 'lost' ? 'repaired' : 'truncated')
      return flush()
    },
  }
}

const same = (before: Json | undefined, value: Json): boolean => JSON.stringify(before) === JSON.stringify(value)

/** The object that broken text most likely means; empty when nobody can say. */
function mend(source: string): JsonObject {
  const value = mended(source)
  return isJsonObject(value) ? value : {}
}

function mended(source: string): Json | undefined {
  try {
    return parseJson(jsonrepair(source))
  } catch {
    return undefined
  }
}

/** The part that came of a value. A number or word that was cut off may have been another one: none is better than a wrong one. */
function openValue({ kind, text, in_string }: OpenField): Json | undefined {
  if (kind === 'string') return text
  if (kind === 'scalar') return undefined
  return mended(in_string ? text : text.replace(/[^\s,:"[\]{}]+$/, ''))
}

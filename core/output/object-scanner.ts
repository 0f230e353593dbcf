import { parseJson, type Json } from '../json.ts'

/** What is told while one JSON object is being read. `text` is decoded text for a string field, JSON source for any other. */
export type FieldEvent =
  | Readonly<{ type: 'field.started'; field: string }>
  | Readonly<{ type: 'field.delta'; field: string; text: string }>
  | Readonly<{ type: 'field.done'; field: string; value: Json }>

/** A field that was cut off: its text so far (decoded for a string, source otherwise). */
export type OpenField = Readonly<{ field: string; kind: 'string' | 'nested' | 'scalar'; text: string; in_string: boolean }>

export type ObjectScanner = Readonly<{
  /** Reads from `chunk[from]`; returns the index after the object's closing brace, or the chunk's length. */
  push: (chunk: string, from: number, emit: (event: FieldEvent) => void) => number
  /** `lost`: the text is not JSON from some point on, and what follows was not read. */
  state: () => 'open' | 'closed' | 'lost'
  openField: () => OpenField | undefined
}>

const EXPECT_BRACE = 0
const EXPECT_KEY = 1
const IN_KEY = 2
const EXPECT_COLON = 3
const EXPECT_VALUE = 4
const IN_STRING = 5
const IN_NESTED = 6
const IN_SCALAR = 7
const EXPECT_COMMA = 8
const CLOSED = 9
const LOST = 10

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const LOWER_U = 0x75
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

/**
 * Reads one JSON object piece by piece, each character once. It follows the shape and leaves judging to `JSON.parse` of the
 * whole, so it may be lenient (raw line breaks in strings, a missing comma); a deviation it cannot follow makes it `lost`.
 */
export function createObjectScanner(): ObjectScanner {
  let state = EXPECT_BRACE
  let field = ''
  /** The value so far: decoded text of a string, source of anything else. */
  let value = ''
  /** What of it this push has added and not told yet. */
  let fresh = ''
  let depth = 0
  let inNestedString = false
  /** In a string: 0, or just after a backslash (1), or digits of \uXXXX read so far + 2. */
  let escape = 0
  let codeUnit = 0

  function push(chunk: string, from: number, emit: (event: FieldEvent) => void): number {
    let at = from
    while (at < chunk.length && state < CLOSED) {
      switch (state) {
        case IN_STRING:
          at = readString(chunk, at)
          if (state !== IN_STRING) finish(emit, value + fresh)
          break
        case IN_KEY:
          at = readString(chunk, at)
          if (state !== IN_KEY) {
            field = fresh
            fresh = ''
          }
          break
        case IN_NESTED:
          at = readNested(chunk, at)
          if (depth === 0) finishSource(emit)
          break
        case IN_SCALAR:
          at = readScalar(chunk, at, emit)
          break
        default:
          at = readBetween(chunk.charCodeAt(at), at, emit)
      }
    }
    if (fresh !== '' && state >= IN_STRING && state <= IN_SCALAR) tell(emit, state === IN_STRING)
    return at
  }

  /** Brackets, colons, commas and the spaces between. */
  function readBetween(code: number, at: number, emit: (event: FieldEvent) => void): number {
    if (isSpace(code)) return at + 1
    if (state === EXPECT_VALUE) return startValue(code, at, emit)
    if (state === EXPECT_BRACE && code === OPEN_BRACE) state = EXPECT_KEY
    else if (state === EXPECT_COLON && code === COLON) state = EXPECT_VALUE
    else if (state === EXPECT_COMMA && code === COMMA) state = EXPECT_KEY
    else if ((state === EXPECT_KEY || state === EXPECT_COMMA) && code === QUOTE) state = IN_KEY
    else if ((state === EXPECT_KEY || state === EXPECT_COMMA) && code === CLOSE_BRACE) state = CLOSED
    else state = LOST
    return at + 1
  }

  function startValue(code: number, at: number, emit: (event: FieldEvent) => void): number {
    value = ''
    fresh = ''
    if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code === COLON) {
      state = LOST
      return at
    }
    emit({ type: 'field.started', field })
    if (code === QUOTE) {
      state = IN_STRING
      return at + 1
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      state = IN_NESTED
      depth = 0
      return at
    }
    state = IN_SCALAR
    return at
  }

  /** Up to and with the closing quote; decoded text goes to `fresh`. */
  function readString(chunk: string, from: number): number {
    let at = from
    let start = from
    while (at < chunk.length) {
      const code = chunk.charCodeAt(at)
      if (escape !== 0) {
        at += readEscape(chunk, at, code)
        start = at
      } else if (code === QUOTE) {
        fresh += chunk.slice(start, at)
        state = state === IN_KEY ? EXPECT_COLON : EXPECT_COMMA
        return at + 1
      } else if (code === BACKSLASH) {
        fresh += chunk.slice(start, at)
        escape = 1
        at++
        start = at
      } else at++
    }
    if (start < at) fresh += start === 0 ? chunk : chunk.slice(start, at)
    return at
  }

  /** One character of an escape; returns 1, or 0 when the character does not belong to it. */
  function readEscape(chunk: string, at: number, code: number): number {
    if (escape === 1) {
      escape = 0
      if (code === LOWER_U) {
        escape = 2
        codeUnit = 0
      } else {
        const letter = chunk.charAt(at)
        fresh += ESCAPES[letter] ?? letter
      }
      return 1
    }
    const digit = hexDigit(code)
    if (digit < 0) {
      escape = 0
      return 0
    }
    codeUnit = codeUnit * 16 + digit
    escape++
    if (escape === 6) {
      escape = 0
      fresh += String.fromCharCode(codeUnit)
    }
    return 1
  }

  /** A list or an object: only its end is looked for. */
  function readNested(chunk: string, from: number): number {
    let at = from
    while (at < chunk.length) {
      const code = chunk.charCodeAt(at)
      at++
      if (inNestedString) {
        if (escape !== 0) escape = 0
        else if (code === BACKSLASH) escape = 1
        else if (code === QUOTE) inNestedString = false
      } else if (code === QUOTE) inNestedString = true
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++
      else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        depth--
        if (depth === 0) break
      }
    }
    fresh += chunk.slice(from, at)
    return at
  }

  /** A number, true, false or null: its end is the character after it. */
  function readScalar(chunk: string, from: number, emit: (event: FieldEvent) => void): number {
    let at = from
    while (at < chunk.length) {
      const code = chunk.charCodeAt(at)
      if (code === COMMA || code === CLOSE_BRACE || isSpace(code)) {
        fresh += chunk.slice(from, at)
        finishSource(emit)
        return at
      }
      at++
    }
    fresh += chunk.slice(from, at)
    return at
  }

  /** A surrogate pair is told in one piece, never half of it. */
  function tell(emit: (event: FieldEvent) => void, holdHalf: boolean): void {
    let kept = ''
    if (holdHalf && isHighSurrogate(fresh.charCodeAt(fresh.length - 1))) {
      kept = fresh.slice(-1)
      fresh = fresh.slice(0, -1)
    }
    if (fresh !== '') {
      value += fresh
      emit({ type: 'field.delta', field, text: fresh })
    }
    fresh = kept
  }

  function finish(emit: (event: FieldEvent) => void, whole: Json): void {
    if (fresh !== '') tell(emit, false)
    fresh = ''
    emit({ type: 'field.done', field, value: whole })
  }

  function finishSource(emit: (event: FieldEvent) => void): void {
    const parsed = parseJson(value + fresh)
    state = EXPECT_COMMA
    // `True`, `.5`, a list with a comma too many: whoever repairs the whole finds the value, and the next fields go on.
    if (parsed !== undefined) finish(emit, parsed)
    else if (fresh !== '') tell(emit, false)
  }

  return {
    push,
    state: () => (state === CLOSED ? 'closed' : state === LOST ? 'lost' : 'open'),
    openField: () => {
      const text = value + fresh
      if (state === IN_STRING) return { field, kind: 'string', text, in_string: true }
      if (state === IN_NESTED) return { field, kind: 'nested', text, in_string: inNestedString }
      return state === IN_SCALAR ? { field, kind: 'scalar', text, in_string: false } : undefined
    },
  }
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

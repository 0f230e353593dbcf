/** Where JSON stops being JSON, and what was expected there; browsers tell it in ways that differ. */
export type JsonProblem = Readonly<{ at: number; line: number; column: number; message: string }>

export function jsonProblem(text: string): JsonProblem | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return findProblem(text)
  }
}

class Stop extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

function findProblem(text: string): JsonProblem {
  try {
    const end = blank(text, value(text, blank(text, 0), 0))
    throw new Stop(end, 'nothing more is expected here')
  } catch (cause) {
    const { at, message } = cause instanceof Stop ? cause : new Stop(text.length, 'this is not JSON')
    const before = text.slice(0, at)
    return { at, line: before.split('\n').length, column: at - before.lastIndexOf('\n'), message }
  }
}

const MOST_LEVELS = 200
const blank = (text: string, at: number): number => at + (/^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0)

const SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/

function value(text: string, at: number, level: number): number {
  if (level > MOST_LEVELS) throw new Stop(at, 'this lies too deep')
  const first = text.charAt(at)
  if (first === '{') return list(text, at, '}', (from) => member(text, from, level + 1))
  if (first === '[') return list(text, at, ']', (from) => value(text, from, level + 1))
  if (first === '"') return string(text, at)
  const scalar = SCALAR.exec(text.slice(at))?.[0]
  if (scalar === undefined) {
    if (first === "'") throw new Stop(at, 'text stands in double quotes')
    throw new Stop(
      at,
      first === '' ? 'a value is missing at the end' : 'a value is expected: text in double quotes, a number, true',
    )
  }
  return at + scalar.length
}

function member(text: string, at: number, level: number): number {
  if (text.charAt(at) !== '"') throw new Stop(at, 'a name in double quotes is expected')
  const colon = blank(text, string(text, at))
  if (text.charAt(colon) !== ':') throw new Stop(colon, '":" is expected after the name')
  return value(text, blank(text, colon + 1), level)
}

function list(text: string, open: number, closing: '}' | ']', item: (at: number) => number): number {
  let at = blank(text, open + 1)
  if (text.charAt(at) === closing) return at + 1
  for (;;) {
    at = blank(text, item(at))
    const sign = text.charAt(at)
    if (sign === closing) return at + 1
    if (sign !== ',') throw new Stop(at, `"," or "${closing}" is expected`)
    at = blank(text, at + 1)
    if (text.charAt(at) === closing) throw new Stop(at, 'a comma may not be the last')
  }
}

const STRING = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/

function string(text: string, at: number): number {
  const end = at + (STRING.exec(text.slice(at))?.[0].length ?? 0)
  const next = text.charAt(end)
  if (next === '"') return end + 1
  if (next === '\\') throw new Stop(end, 'this escape does not exist')
  throw new Stop(end, next === '' ? 'the closing quote is missing' : 'a line may not break within quotes; write \\n')
}

import { fieldPattern } from './field-pattern.ts'

type Limits = Readonly<{ min_length?: number; max_length?: number }>
/** A piece of a pattern: it can give a text of `reach` repeats more than it must. */
type Node = (reach: number) => string

const LONGEST = 50_000
const WORD = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'
const CANDIDATES = [...WORD, ...' -.,:;!?@#/+*%&()[]{}<>=\'"$€äéßñ中😀']
const CLASSES: Readonly<Record<string, RegExp>> = { d: /\d/, w: /\w/, s: /\s/, D: /\D/, W: /\W/, S: /\S/ }

/**
 * A text that a pattern matches and whose length is within the limits; nothing when none was found. Made from the pattern
 * (literals, classes, groups, choices, repeats), then checked against it: what cannot be made, such as lookarounds, fails the check.
 */
export function matchingText(pattern: string, { min_length = 0, max_length = Infinity }: Limits): string | undefined {
  const compiled = fieldPattern(pattern)
  if (!compiled.ok) return undefined
  const fits = (text: string) => {
    const length = [...text].length
    return length >= min_length && length <= max_length && compiled.matches(text)
  }
  const make = createMaker(pattern)
  for (const reach of [0, 1, 2, 3, 5, min_length, min_length - [...make(0)].length]) {
    const text = make(Math.max(0, Math.min(reach, 500)))
    // An open end lets the text grow to its least length.
    const found = [text, text.padEnd(min_length, 'a'), text.padEnd(min_length, '0'), text.padStart(min_length, 'a')].find(fits)
    if (found !== undefined) return found
  }
  return undefined
}

function createMaker(pattern: string): Node {
  const letters = [...pattern]
  let at = 0
  /** Steps that are left for the text in hand: `((a{999}){999}){999}` is a pattern too. */
  let budget = 0

  function choices(): Node {
    const first = sequence()
    while (letters[at] === '|') {
      at++
      sequence()
    }
    return first
  }

  function sequence(): Node {
    const parts: Node[] = []
    while (at < letters.length && letters[at] !== '|' && letters[at] !== ')') parts.push(repeated(atom()))
    return (reach) => parts.map((part) => part(reach)).join('')
  }

  function repeated(atom: Node): Node {
    const [least, most] = quantifier()
    if (letters[at] === '?') at++
    const node: Node = (reach) => {
      budget--
      return budget > 0 ? atom(reach) : ''
    }
    return (reach) => {
      let text = ''
      // Only the first repeat grows: nested repeats then add up and do not multiply.
      for (let count = 0; count < Math.min(most, least + reach) && budget > 0; count++) text += node(count === 0 ? reach : 0)
      return text
    }
  }

  function quantifier(): readonly [number, number] {
    const sign = letters[at]
    if (sign === '*' || sign === '+' || sign === '?') at++
    if (sign === '*') return [0, Infinity]
    if (sign === '+') return [1, Infinity]
    if (sign === '?') return [0, 1]
    const counted = sign === '{' ? /^\{(\d+)(,?)(\d*)\}/.exec(letters.slice(at).join('')) : null
    if (!counted) return [1, 1]
    at += counted[0].length
    const least = Number(counted[1])
    return [least, counted[2] === '' ? least : counted[3] === '' ? Infinity : Number(counted[3])]
  }

  function atom(): Node {
    const letter = letters[at++] ?? ''
    if (letter === '(') return group()
    if (letter === '[') return oneOf(classSource())
    if (letter === '\\') return escaped()
    if (letter === '.') return () => 'a'
    return letter === '^' || letter === '$' ? () => '' : () => letter
  }

  function group(): Node {
    const head = /^\?(?:[:=!]|<[=!]|<[^>]+>)/.exec(letters.slice(at).join(''))?.[0] ?? ''
    at += [...head].length
    const inner = choices()
    at++
    return head === '' || head === '?:' || /^\?<[^=!]/.test(head) ? inner : () => ''
  }

  function classSource(): string {
    const start = at
    while (at < letters.length && letters[at] !== ']') at += letters[at] === '\\' ? 2 : 1
    at++
    return letters.slice(start, at - 1).join('')
  }

  function escaped(): Node {
    const letter = letters[at++] ?? ''
    const known = CLASSES[letter]
    if (known) return firstOf(known)
    if (letter === 'b' || letter === 'B') return () => ''
    const code = /^(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/i.exec(letter + letters.slice(at, at + 9).join(''))
    const property = /^[pP]\{[^}]*\}/.exec(letter + letters.slice(at).join(''))
    at += (code?.[0].length ?? property?.[0].length ?? 1) - 1
    if (property) return firstOf(new RegExp(`\\${property[0]}`, 'u'))
    const control = { n: '\n', r: '\r', t: '\t' }[letter]
    const text = code ? String.fromCodePoint(parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16)) : (control ?? letter)
    return () => text
  }

  const node = choices()
  return (reach) => {
    budget = LONGEST
    return node(reach)
  }
}

const oneOf = (source: string): Node => firstOf(new RegExp(`[${source}]`, 'u'))

function firstOf(allowed: RegExp): Node {
  const letter = CANDIDATES.find((candidate) => allowed.test(candidate)) ?? ''
  return () => letter
}

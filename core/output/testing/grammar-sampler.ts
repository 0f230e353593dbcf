/** Writes random texts that a GBNF grammar allows: what llama.cpp could sample, without a model. */
type Pick = (below: number) => number
type Node = (pick: Pick) => string

/** Counts without an end are cut off here. */
const MORE = 6

export function grammarSampler(grammar: string): Node {
  const rules = new Map<string, Node>()
  for (const line of grammar.split('\n')) {
    const [, name = '', body = ''] = /^([a-zA-Z0-9-]+) ::= (.*)$/.exec(line) ?? []
    if (name === '') throw new Error(`not a rule: ${line}`)
    rules.set(
      name,
      parse(body, (called) => (pick) => rule(called)(pick)),
    )
  }
  const rule = (name: string): Node => {
    const found = rules.get(name)
    if (!found) throw new Error(`there is no rule "${name}"`)
    return found
  }
  return rule('root')
}

function parse(body: string, call: (name: string) => Node): Node {
  let at = 0
  const rest = () => body.slice(at)
  const skip = () => {
    while (body[at] === ' ') at += 1
  }

  function choices(): Node {
    const all = [sequence()]
    while (body[at] === '|') {
      at += 1
      all.push(sequence())
    }
    return (pick) => all[pick(all.length)]?.(pick) ?? ''
  }

  function sequence(): Node {
    const parts: Node[] = []
    for (skip(); at < body.length && body[at] !== '|' && body[at] !== ')'; skip()) parts.push(counted(atom()))
    return (pick) => parts.map((part) => part(pick)).join('')
  }

  function counted(node: Node): Node {
    const found = /^(?:\{(\d+)(,?)(\d*)\}|([?*+]))/.exec(rest())
    if (!found) return node
    at += found[0].length
    const [least, most] = found[4] ? SIGNS[found[4]]! : [Number(found[1]), Number(found[2] ? found[3] || Infinity : found[1])]
    const span = Math.min(most - least, Math.max(MORE, 2000))
    // Both ends are of interest, and what lies near the lower one is quicker.
    return (pick) => {
      const extra = [0, span, pick(Math.min(span, MORE) + 1)][pick(3)] ?? 0
      return Array.from({ length: least + extra }, () => node(pick)).join('')
    }
  }

  function atom(): Node {
    const literal = /^"((?:[^"\\]|\\.)*)"/.exec(rest())
    const set = /^\[((?:[^\]\\]|\\.)*)\]/.exec(rest())
    const name = /^[a-zA-Z][a-zA-Z0-9-]*/.exec(rest())
    at += (literal ?? set ?? name ?? ['(']).at(0)?.length ?? 1
    if (literal) return () => unescaped(literal[1] ?? '')
    if (set) return letterOf(set[1] ?? '')
    if (name) return call(name[0])
    const inner = choices()
    if (body[at] !== ')') throw new Error(`not closed: ${body}`)
    at += 1
    return inner
  }

  const node = choices()
  if (at < body.length) throw new Error(`not read to its end: ${rest()}`)
  return node
}

const SIGNS: Readonly<Record<string, readonly [number, number]>> = { '?': [0, 1], '*': [0, MORE], '+': [1, MORE] }
const unescaped = (text: string) => text.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
const LETTERS = [...'abcxyzABCXYZ0123456789 -_.,:;!?\'"()[]{}<>*#`|~/\\\n\t\u007fäßñ中😀']

function letterOf(source: string): Node {
  const allowed = new RegExp(`[${source}]`, 'u')
  const letters = LETTERS.filter((letter) => allowed.test(letter))
  return (pick) => letters[pick(letters.length)] ?? ''
}

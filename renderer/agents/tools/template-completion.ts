import { suggest, type Suggestion } from '../prompt/completions.ts'

/** A name that may stand in a template: `arguments.order_id`, with what it is. */
export type TemplateWord = Readonly<{ name: string; detail: string }>

export type Completion = Readonly<{ start: number; end: number; items: readonly Suggestion[] }>

const MOST = 8

/** What could stand where the caret is, within open braces only: text around them is nobody's business. */
export function completionAt(text: string, caret: number, words: readonly TemplateWord[]): Completion | undefined {
  const before = text.slice(0, caret)
  const open = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'))
  if (open < 0 || open < Math.max(before.lastIndexOf('}}'), before.lastIndexOf('%}'))) return undefined
  const typed = /[A-Za-z_][\w.]*$/.exec(before)?.[0] ?? ''
  const found = suggest(before, { variables: words, fields: [] }).filter(
    ({ label }) => label !== typed && (label.startsWith(typed) || label.split('.').at(-1)?.startsWith(typed)),
  )
  return found.length === 0 ? undefined : { start: caret - typed.length, end: caret, items: found.slice(0, MOST) }
}

/** The text with a suggestion put in, its braces closed, and where the caret goes. */
export function withCompletion(
  text: string,
  { start, end }: Completion,
  { insert, kind }: Suggestion,
): Readonly<{ text: string; caret: number }> {
  const word = insert.replace('"$1"', '""')
  const rest = text.slice(end)
  const isClosed = /^[^{]*?\}\}/.test(rest)
  const before = text.slice(0, start)
  const pad = /\{\{-?$/.test(before) ? ' ' : ''
  const close = kind === 'variable' && !isClosed && before.lastIndexOf('{{') > before.lastIndexOf('{%') ? ' }}' : ''
  const put = `${pad}${word}${close}`
  const caret = start + put.length - (word.endsWith('""') ? 1 : 0)
  return { text: `${before}${put}${rest}`, caret }
}

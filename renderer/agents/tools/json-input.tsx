import { useState, type ReactNode } from 'react'
import { parseJson, type Json } from '../../../core/json.ts'
import { fromWire } from '../../client/wire.ts'
import { JsonText } from '../../ui/json-text.tsx'
import type { JsonValue } from '../document-edit.ts'
import { CodeInput } from './code-input.tsx'
import { jsonProblem } from './json-problem.ts'

type Props = Readonly<{
  label: string
  description?: ReactNode
  placeholder?: string
  lines?: number
  value: Json | undefined
  /** Only what can be read; nothing when the box is empty. */
  onChange: (value: JsonValue | undefined) => void
  error?: string | undefined
  readOnly: boolean
  pointer?: string
}>

const show = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value, null, 2))
const same = (text: string, value: Json | undefined): boolean =>
  text.trim() === '' ? value === undefined : JSON.stringify(parseJson(text)) === JSON.stringify(value)

/** JSON as text. What cannot be read yet stays here, with its first mistake told by line and column. */
export function JsonInput({ value, onChange, error, lines = 3, ...props }: Props) {
  const [draft, setDraft] = useState<{ text: string; of: Json | undefined }>({ text: show(value), of: value })
  // Undo, another window: text that means something else now is taken over.
  const isStale = draft.of !== value && !same(draft.text, value)
  const text = isStale ? show(value) : draft.text
  const problem = text.trim() === '' ? undefined : jsonProblem(text)
  const type = (next: string) => {
    if (next.trim() === '') {
      setDraft({ text: next, of: undefined })
      return onChange(undefined)
    }
    const parsed = parseJson(next)
    if (parsed === undefined) return setDraft({ text: next, of: value })
    const kept = fromWire<JsonValue>(parsed)
    setDraft({ text: next, of: kept })
    onChange(kept)
  }
  return (
    <CodeInput
      {...props}
      lines={lines}
      value={text}
      onChange={type}
      colour={(shown) => <JsonText text={shown} />}
      error={
        problem ? `Line ${problem.line}, column ${problem.column}: ${problem.message}. It is kept once it can be read.` : error
      }
    />
  )
}

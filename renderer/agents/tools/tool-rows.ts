import { WrittenKind } from '../../../core/tools/tool.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { isJsonObject } from '../../../core/json.ts'
import { valueAt, withValueAt, type JsonValue } from '../document-edit.ts'

const TOOLS = ['tools'] as const

/** A tool as far as it can be read; the document may be invalid while it is being typed. `other`: kept, but this build does not run it. */
export type ToolRow = Readonly<{
  kind: WrittenKind | 'other'
  name: string
  description: string
  /** As it stands in the document. */
  raw: Readonly<Record<string, JsonValue>>
}>

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } => isJsonObject(value)
const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')

export const rawTools = (content: DocumentJson): readonly JsonValue[] => {
  const value = valueAt(content, TOOLS)
  return Array.isArray(value) ? value : []
}

export const readTools = (content: DocumentJson): readonly ToolRow[] =>
  rawTools(content).map((value) => {
    const raw = isObject(value) ? value : {}
    const type = text(raw['type'])
    return {
      kind: WrittenKind.safeParse(type).data ?? 'other',
      name: text(raw['name']),
      description: text(raw['description']),
      raw,
    }
  })

const withTools = (content: DocumentJson, tools: readonly JsonValue[]) => withValueAt(content, TOOLS, [...tools])

export const insertTool = (content: DocumentJson, at: number, tool: JsonValue): DocumentJson =>
  withTools(content, [...rawTools(content).slice(0, at), tool, ...rawTools(content).slice(at)])

export const removeTool = (content: DocumentJson, at: number): DocumentJson =>
  withTools(
    content,
    rawTools(content).filter((_, index) => index !== at),
  )

export function moveTool(content: DocumentJson, from: number, to: number): DocumentJson {
  const tools = [...rawTools(content)]
  const [moved] = tools.splice(from, 1)
  if (moved === undefined || from === to || to < 0 || to > tools.length) return content
  tools.splice(to, 0, moved)
  return withTools(content, tools)
}

/** The same tool below itself, under a name that is still free. */
export function duplicateTool(content: DocumentJson, at: number): DocumentJson {
  const row = readTools(content)[at]
  return row ? insertTool(content, at + 1, { ...row.raw, name: freeToolName(content, row.name || 'tool') }) : content
}

/** `book_slot`, or `book_slot_2` where that is taken. */
export function freeToolName(content: DocumentJson, wanted: string): string {
  const taken = new Set(readTools(content).map(({ name }) => name))
  const stem = wanted.replace(/_\d+$/, '').slice(0, 60)
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${stem}_${number}`)) number += 1
  return `${stem}_${number}`
}

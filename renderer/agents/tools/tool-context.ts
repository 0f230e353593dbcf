import { createContext, useContext, useMemo } from 'react'
import { toPointer } from '../../../core/contract/errors.ts'
import { valueAt, withValueAt, type JsonValue, type Path } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { readTools, type ToolRow } from './tool-rows.ts'

/** Which tool is being edited. */
export const ToolContext = createContext<number | undefined>(undefined)

export type ToolEdit = Readonly<{
  index: number
  row: ToolRow
  path: Path
  read_only: boolean
  pointerOf: (...path: Path) => string
  at: (...path: Path) => JsonValue | undefined
  textAt: (...path: Path) => string
  set: (path: Path, value: JsonValue | undefined) => void
  errorAt: (...path: Path) => string | undefined
}>

/** The open tool, and how its form reads and changes it. */
export function useTool(): ToolEdit {
  const index = useContext(ToolContext)
  const { content, change, findingsAt, read_only } = useWorkspace()
  const row = useMemo(() => readTools(content)[index ?? -1], [content, index])
  if (index === undefined || !row) throw new Error('useTool outside a tool')
  const path = ['tools', index]
  const pointerOf = (...inner: Path) => toPointer([...path, ...inner])
  const at = (...inner: Path) => valueAt(content, [...path, ...inner])
  return {
    index,
    row,
    path,
    read_only,
    pointerOf,
    at,
    textAt: (...inner) => showValue(at(...inner)),
    set: (inner, value) => change((now) => withValueAt(now, [...path, ...inner], value)),
    errorAt: (...inner) => errorText(findingsAt(pointerOf(...inner))),
  }
}

import { createContext, useContext } from 'react'
import { toPointer } from '../../../core/contract/errors.ts'
import type { Path } from '../document-edit.ts'
import { FIELDS } from './field-rows.ts'

/** Which rows of the document a table of fields edits. */
export type FieldList = Readonly<{
  path: Path
  /** `Fields`, `Parameters`. */
  label: string
  /** Whether rows can be spoken, hidden or steer the voice. */
  roles: boolean
}>

export const OUTPUT_FIELDS: FieldList = { path: FIELDS, label: 'Fields', roles: true }

export const FieldListContext = createContext<FieldList>(OUTPUT_FIELDS)

/** The list that is edited here, and how a row of it is named in findings. */
export function useFieldList(): FieldList & Readonly<{ pointerOf: (index: number) => string }> {
  const list = useContext(FieldListContext)
  return { ...list, pointerOf: (index) => toPointer([...list.path, index]) }
}

import { createContext, useContext } from 'react'
import type { DocumentJson } from '../../../core/contract/index.ts'
import type { WorkspaceTab } from '../../client/address.ts'
import type { JsonValue, Path } from '../document-edit.ts'
import type { DocumentCheck, Finding } from './check-document.ts'

/** What every tab of an open agent works with. */
export type Workspace = Readonly<{
  agent_id: string
  content: DocumentJson
  /** Counts replacements of the text from outside. */
  generation: number
  read_only: boolean
  check: DocumentCheck | undefined
  change: (update: (content: DocumentJson) => DocumentJson) => void
  /** Sets one value; undefined removes its key. */
  set: (path: Path, value: JsonValue | undefined) => void
  /** Findings at a pointer, or below it. */
  findingsAt: (pointer: string) => readonly Finding[]
  goTo: (tab: WorkspaceTab) => void
}>

export const WorkspaceContext = createContext<Workspace | undefined>(undefined)

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('useWorkspace outside a workspace')
  return workspace
}

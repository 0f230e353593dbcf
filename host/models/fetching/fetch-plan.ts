import type { ArchiveEntry } from '../../../core/local-models/curated-model.ts'
import type { FileSource } from '../../fetching/file-source.ts'
import type { WantedFile } from '../../fetching/wanted-file.ts'

/** One file to fetch. `entries`: it is an archive, and this is taken out of it. */
export type PlannedFile = Readonly<{ wanted: WantedFile; source: FileSource; entries?: readonly ArchiveEntry[] }>

/** How one source would give all that a model is made of. */
export type FetchPlan = Readonly<{
  /** The source, for people. */
  shown: string
  checked: 'pinned' | 'stated' | 'own'
  files: readonly PlannedFile[]
}>

export const plannedBytes = ({ files }: FetchPlan): number => files.reduce((sum, { wanted }) => sum + wanted.bytes, 0)

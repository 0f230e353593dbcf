import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from 'react'
import type { AgentSummary } from '../../core/contract/index.ts'

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }))
const ImportDialog = lazy(async () => ({ default: (await import('./import-dialog.tsx')).ImportDialog }))

const PublishDialog = lazy(async () => ({ default: (await import('./versions/publish-dialog.tsx')).PublishDialog }))

type Dialogs = Readonly<{
  exportBundle: (agent: AgentSummary) => void
  importBundle: () => void
  publish: (agent: AgentSummary) => void
}>
const DialogsContext = createContext<Dialogs | undefined>(undefined)

/** Export, import and publish can be asked for from several places; the dialogs live here once. */
export function DialogsProvider({ onOpen, children }: { onOpen: (agent_id: string) => void; children: ReactNode }) {
  const [exporting, setExporting] = useState<AgentSummary>()
  const [importing, setImporting] = useState(false)
  const [publishing, setPublishing] = useState<AgentSummary>()
  const dialogs = useMemo<Dialogs>(
    () => ({ exportBundle: setExporting, importBundle: () => setImporting(true), publish: setPublishing }),
    [],
  )
  return (
    <DialogsContext value={dialogs}>
      {children}
      <Suspense>
        {exporting && <ExportDialog agent={exporting} onClose={() => setExporting(undefined)} />}
        {publishing && (
          <PublishDialog agent_id={publishing.agent_id} latest={publishing.version} onClose={() => setPublishing(undefined)} />
        )}
        {importing && <ImportDialog onClose={() => setImporting(false)} onOpen={onOpen} />}
      </Suspense>
    </DialogsContext>
  )
}

export function useDialogs(): Dialogs {
  const dialogs = useContext(DialogsContext)
  if (!dialogs) throw new Error('useDialogs outside DialogsProvider')
  return dialogs
}

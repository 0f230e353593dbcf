import { Button, Checkbox, Modal } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import type { StudioError } from '../../core/contract/errors.ts'
import type { AgentSummary } from '../../core/contract/index.ts'
import { shellBridge } from '../client/shell-bridge.ts'
import { useStudio } from '../client/studio-context.tsx'
import { toStudioError, useOperation } from '../client/use-operation.ts'
import { Busy } from '../ui/busy.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { formatBytes } from '../ui/format.ts'
import { toast } from '../ui/toast.tsx'
import classes from './bundle-dialog.module.css'

/** Shows what will leave the studio, secret references above all, and only then writes it. */
export function ExportDialog({ agent, onClose }: { agent: AgentSummary; onClose: () => void }) {
  const studio = useStudio()
  const [withVersions, setWithVersions] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<StudioError>()
  const choice = { agent_id: agent.agent_id, versions: withVersions ? ('all' as const) : [] }
  const contents = useOperation('bundle.inspect', choice)

  const write = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const grant = await shellBridge()?.saveBundle(contents.value?.file_name ?? `${agent.agent_id}.greenroom`)
      if (grant === null) return
      const to = grant ? ({ kind: 'grant', grant: grant.grant } as const) : ({ kind: 'download' } as const)
      const result = await studio.call('bundle.export', { ...choice, to })
      if (result.download_path) download(result.download_path, result.file_name)
      toast(`Exported ${result.file_name} (${formatBytes(result.size)})`)
      onClose()
    } catch (cause) {
      setError(toStudioError(cause))
    } finally {
      setBusy(false)
    }
  }

  const { value } = contents
  return (
    <Modal opened onClose={onClose} title={`Export ${agent.name}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {agent.version && (
        <Checkbox
          label="With all published versions"
          checked={withVersions}
          onChange={(event) => setWithVersions(event.currentTarget.checked)}
        />
      )}
      {contents.error && <ErrorNote error={contents.error} onRetry={contents.reload} />}
      {!value && !contents.error && <Busy label="Looking at what would be exported" />}
      {value && (
        <>
          <section className={classes.section}>
            <h3 className={classes.heading}>Secret references</h3>
            {value.secret_references.length === 0 ? (
              <p className={classes.text}>None. The bundle needs no key.</p>
            ) : (
              <>
                <p className={classes.text}>
                  Only these names go into the bundle, never a value. Whoever imports it needs keys of their own.
                </p>
                <ul className={classes.list}>
                  {value.secret_references.map((reference) => (
                    <li key={reference} className="mono">
                      <IconKey size={13} aria-hidden /> {reference}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </section>
          <section className={classes.section}>
            <h3 className={classes.heading}>Files in {value.file_name}</h3>
            <table className={classes.table}>
              <tbody>
                {value.files.map((file) => (
                  <tr key={file.path}>
                    <td className="mono">{file.path}</td>
                    <td>{formatBytes(file.size)}</td>
                    <td className="mono" title={`SHA-256 ${file.sha256}`}>
                      {file.sha256.slice(0, 12)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {value.problems.length > 0 && (
            <section className={classes.section}>
              <h3 className={classes.heading}>Worth knowing</h3>
              <ul>
                {value.problems.map((problem) => (
                  <li key={problem}>{problem}</li>
                ))}
              </ul>
            </section>
          )}
          {agent.unsaved && <p className={classes.text}>Unsaved changes are not exported. Save first if they should be.</p>}
        </>
      )}
      {error && <ErrorNote error={error} />}
      <div className={classes.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" disabled={!value} loading={busy} onClick={() => void write()} data-autofocus>
          Export
        </Button>
      </div>
    </Modal>
  )
}

function download(path: string, name: string) {
  const link = document.createElement('a')
  link.href = path
  link.download = name
  link.click()
}

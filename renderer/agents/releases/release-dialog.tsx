import { Button, Modal, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import type { AgentId } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { shareText } from '../arms/share-text.ts'
import { draftOf, readBounds, USUAL_BOUNDS } from './bounds-draft.ts'
import { BoundsFields } from './bounds-fields.tsx'
import classes from './releases.module.css'

type Props = Readonly<{
  agent_id: AgentId
  /** Which can be released, newest first. */
  versions: readonly string[]
  /** What everybody has now. */
  production: string
  version?: string | undefined
  onClose: () => void
  onReleased: () => void
}>

/** Which version, to how many, and when it stops by itself. */
export function ReleaseDialog({ agent_id, versions, production, version: asked, onClose, onReleased }: Props) {
  const studio = useStudio()
  const [version, setVersion] = useState(asked ?? versions[0] ?? '')
  const [percent, setPercent] = useState<number | string>(10)
  const [draft, setDraft] = useState(() => draftOf(USUAL_BOUNDS))
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<StudioError>()
  const bounds = readBounds(draft)
  const share = typeof percent === 'number' && percent > 0 && percent < 100 ? percent / 100 : undefined

  const release = async () => {
    if (!bounds || share === undefined) return
    setBusy(true)
    try {
      await studio.call('release.create', { agent_id, version, share, bounds })
      toast(`${shareText(share)} of callers get ${version} from their next call on`)
      onReleased()
      onClose()
    } catch (cause) {
      setError(toStudioError(cause))
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Release to a share of callers" size={540}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          void release()
        }}
      >
        <div className={classes.row}>
          <Select
            w={150}
            label="Version"
            data-autofocus
            data={[...versions]}
            value={version}
            onChange={(next) => setVersion(next ?? version)}
          />
          <NumberInput
            w={150}
            label="Share of callers"
            min={1}
            max={99}
            decimalScale={1}
            suffix="%"
            value={percent}
            onChange={setPercent}
          />
        </div>
        <p className={classes.text}>
          Everybody else keeps {production}. A caller keeps its version by user_id; a share that grows only adds callers.
        </p>
        <fieldset className={classes.group}>
          <legend className={classes.legend}>Stops by itself above</legend>
          <BoundsFields draft={draft} onDraft={setDraft} />
        </fieldset>
        {error && <ErrorNote error={error} />}
        <div className={classes.end}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={busy} disabled={!bounds || share === undefined || version === ''}>
            Release {version}
            {share !== undefined && ` to ${shareText(share)}`}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

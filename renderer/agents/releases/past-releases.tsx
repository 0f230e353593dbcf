import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Release } from '../../../core/contract/releases.ts'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatMoment } from '../../ui/format.ts'
import { ArmTable } from '../arms/arm-table.tsx'
import { shareText } from '../arms/share-text.ts'
import { armsOf } from './release-words.ts'
import frame from '../card.module.css'
import classes from './releases.module.css'

type Props = Readonly<{ releases: readonly Release[]; onOlder: (() => void) | undefined }>

/** Releases that are over, newest first; how their versions did is read when one is opened. */
export const PastReleases = ({ releases, onOlder }: Props) => (
  <section className={frame.card} aria-label="Releases that ended">
    <header className={frame.head}>
      <h2 className={frame.title}>Ended</h2>
    </header>
    <ul className={classes.past}>
      {releases.map((release) => (
        <PastRelease key={release.release_id} release={release} />
      ))}
    </ul>
    {onOlder && (
      <div className={classes.older}>
        <Button onClick={onOlder}>Show older ones</Button>
      </div>
    )}
  </section>
)

function PastRelease({ release }: Readonly<{ release: Release }>) {
  const { version, previous, share, state, reason, updated_at } = release
  const [open, setOpen] = useState(false)
  const isDone = state === 'complete'
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className={classes.summary}>
          <strong>{version}</strong>
          <Badge tone={isDone ? 'good' : 'bad'}>{state}</Badge>
          <span>{isDone ? 'everybody got it' : `at ${shareText(share)}, back to ${previous}`}</span>
          <span className={classes.spacer} />
          <span className={classes.faint}>{formatMoment(updated_at)}</span>
        </summary>
        {open && <Inside release={release} reason={reason} />}
      </details>
    </li>
  )
}

function Inside({ release, reason }: Readonly<{ release: Release; reason: string | undefined }>) {
  const { value, error, reload } = useOperation('release.get', { release_id: release.release_id })
  return (
    <div className={classes.inside}>
      {reason !== undefined && <p className={classes.text}>{reason}</p>}
      {error && <ErrorNote error={error} onRetry={reload} />}
      {value && (
        <div className={classes.figures}>
          <ArmTable label={`How ${release.version} and the one before did`} arms={armsOf(release, value.arms)} />
        </div>
      )}
    </div>
  )
}

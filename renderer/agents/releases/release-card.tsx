import { Button } from '@mantine/core'
import type { Release } from '../../../core/contract/releases.ts'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatMoment } from '../../ui/format.ts'
import { ArmTable } from '../arms/arm-table.tsx'
import { shareText } from '../arms/share-text.ts'
import { BoundsForm } from './bounds-form.tsx'
import { armsOf, judgementWords } from './release-words.ts'
import { ShareSteps } from './share-steps.tsx'
import { StopRelease } from './stop-release.tsx'
import { useReleaseChange } from './use-release-change.ts'
import frame from '../card.module.css'
import classes from './releases.module.css'

const EVENTS = ['release.changed', 'session.changed'] as const

/** The release that rolls, or that was stopped and may go on: who gets what, how both versions do, and what can be done about it. */
export function ReleaseCard({ release }: Readonly<{ release: Release }>) {
  const { release_id, version, previous, share, bounds, state, reason, created_at } = release
  const { value } = useOperation('release.get', { release_id }, EVENTS)
  const { change, busy, error } = useReleaseChange(release_id)
  const stats = value?.arms ?? []
  const rolls = state === 'rolling'
  return (
    <section className={frame.card} aria-label={`Release of ${version}`}>
      <header className={frame.head}>
        <h2 className={frame.title}>{rolls ? `${version} goes to ${shareText(share)} of callers` : `${version} was stopped`}</h2>
        <Badge tone={rolls ? 'good' : 'bad'}>{state}</Badge>
        <span className={classes.faint}>since {formatMoment(created_at)}</span>
      </header>
      <div className={classes.body}>
        {!rolls && (
          <div className={classes.reason} role="status">
            {reason}
            <p className={classes.text}>Everybody gets {previous} again.</p>
          </div>
        )}
        {rolls && <ShareSteps release={release} busy={busy} change={change} />}
        <div className={classes.figures}>
          <ArmTable
            label="How both versions do"
            arms={armsOf(release, stats)}
            bounds={{ error_rate: bounds.max_error_rate, silence_p95_ms: bounds.max_silence_p95_ms }}
          />
        </div>
        {rolls && (
          <BoundsForm
            key={JSON.stringify(bounds)}
            bounds={bounds}
            judged={judgementWords(release, stats)}
            busy={busy}
            onBounds={(next) => void change({ bounds: next }, 'The release stops by these bounds from now on')}
          />
        )}
        {error && <ErrorNote error={error} />}
        {rolls ? (
          <StopRelease release={release} busy={busy} change={change} />
        ) : (
          <div className={classes.row}>
            <Button
              disabled={busy}
              onClick={() => void change({ state: 'rolling' }, `${shareText(share)} of callers get ${version} again`)}
            >
              Go on with {shareText(share)}
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}

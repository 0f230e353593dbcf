import { Button } from '@mantine/core'
import { Busy } from '../../ui/busy.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { PastReleases } from './past-releases.tsx'
import { ReleaseCard } from './release-card.tsx'
import { releaseAtWork } from './release-words.ts'
import type { Releases } from './use-releases.ts'
import classes from './releases.module.css'

type Props = Readonly<{
  releases: Releases
  /** What everybody has now. */
  production: string | undefined
  /** Another version than that is published. */
  releasable: boolean
  onRelease: () => void
}>

const WHAT =
  'A release gives a version to some callers first, sticky by user_id, compares it with the one that everybody has, and stops by itself when errors or silence pass a bound. Calls started in this window always use what is saved.'

/** Versions on their way to everybody. */
export function ReleasesPane({ releases: { list, error, reload, older }, production, releasable, onRelease }: Props) {
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (!list) return <Busy label="Reading the releases" />
  const atWork = releaseAtWork(list)
  const past = list.filter((one) => one !== atWork)
  const missing =
    production === undefined
      ? 'First publish a version that everybody gets: callers outside of a share keep it.'
      : 'Publish a second version, without giving it to everybody, to have one to release.'
  const button = (
    <Button variant="filled" disabled={!releasable} onClick={onRelease}>
      Release to a share of callers…
    </Button>
  )
  if (list.length === 0)
    return (
      <Empty
        title="No release yet"
        hint={
          <>
            {WHAT} {!releasable && <strong>{missing}</strong>}
          </>
        }
        action={button}
      />
    )
  return (
    <div className={classes.pane}>
      <div className={classes.column}>
        {atWork && <ReleaseCard key={atWork.release_id} release={atWork} />}
        {atWork?.state !== 'rolling' && (
          <div className={classes.row}>
            {button}
            {!releasable && <span className={classes.text}>{missing}</span>}
          </div>
        )}
        {past.length > 0 && <PastReleases releases={past} onOlder={older} />}
      </div>
    </div>
  )
}

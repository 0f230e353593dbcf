import { Button, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { Release } from '../../../core/contract/releases.ts'
import { ShareBar } from '../arms/share-bar.tsx'
import { shareText } from '../arms/share-text.ts'
import type { Change } from './use-release-change.ts'
import classes from './releases.module.css'

const STEPS = [0.1, 0.5] as const

/** How many callers have which version, and the steps to more; everybody is the last one, and ends the release. */
export function ShareSteps({ release, busy, change }: Readonly<{ release: Release; busy: boolean; change: Change }>) {
  const { version, previous, share } = release
  const [asked, ask] = useState(false)
  const give = (next: number) => change({ share: next }, `${shareText(next)} of callers get ${version} from their next call on`)
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>Share of callers</legend>
      <ShareBar
        shares={[
          { key: 'previous', name: previous, share: 1 - share },
          { key: 'version', name: version, share },
        ]}
      />
      <div className={classes.ends}>
        <span>
          {previous} · {shareText(1 - share)}
        </span>
        <span>
          {version} · {shareText(share)}
        </span>
      </div>
      <div className={classes.steps}>
        {STEPS.map((step) => (
          <Button key={step} aria-pressed={share === step} disabled={busy} onClick={() => share !== step && void give(step)}>
            {shareText(step)}
          </Button>
        ))}
        <OtherShare key={share} share={share} busy={busy} onShare={(next) => void give(next)} />
        <span className={classes.spacer} />
        {!asked && (
          <Button variant="filled" disabled={busy} onClick={() => ask(true)}>
            Promote to everybody…
          </Button>
        )}
      </div>
      {asked && (
        <div className={classes.steps}>
          <span className={classes.question}>Everybody gets {version}, and the release ends.</span>
          <Button onClick={() => ask(false)}>Not yet</Button>
          <Button
            variant="filled"
            autoFocus
            loading={busy}
            onClick={() => void change({ share: 1 }, `Everybody gets ${version}; production points at it`)}
          >
            Promote {version}
          </Button>
        </div>
      )}
    </fieldset>
  )
}

function OtherShare({ share, busy, onShare }: Readonly<{ share: number; busy: boolean; onShare: (share: number) => void }>) {
  const [percent, setPercent] = useState<number | string>('')
  const asked = typeof percent === 'number' && percent > 0 && percent < 100 ? percent / 100 : undefined
  const next = asked === share ? undefined : asked
  return (
    <form
      className={classes.steps}
      onSubmit={(event) => {
        event.preventDefault()
        if (next !== undefined) onShare(next)
      }}
    >
      <NumberInput
        w={90}
        aria-label="Another share of callers"
        placeholder="other %"
        min={0.1}
        max={99.9}
        decimalScale={1}
        suffix="%"
        value={percent}
        onChange={setPercent}
      />
      {next !== undefined && (
        <Button type="submit" disabled={busy}>
          Give {shareText(next)}
        </Button>
      )}
    </form>
  )
}

import { costOf } from '../../../core/cost/cost-of.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import { useSettings } from '../../client/settings-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { OfflineBadge } from '../../ui/offline-badge.tsx'
import { formatNanoUsd } from '../../ui/price.ts'
import { whatIfWords, type WhatIf } from '../setup/what-if.ts'
import classes from './header.module.css'

type Props = Readonly<{ view: SessionView | undefined; what_if: WhatIf }>

/** What is special about this call, in one quiet line: offline, what is only rehearsed, what it has cost. */
export function CallStrip({ view, what_if }: Props) {
  const { settings } = useSettings()
  const rehearsed = whatIfWords(what_if)
  const { nano_usd = 0, incomplete } = costOf(view ?? NOTHING)
  if (!settings.offline && rehearsed.length === 0 && nano_usd === 0) return null
  return (
    <div className={classes.strip}>
      <OfflineBadge />
      {rehearsed.length > 0 && (
        <>
          <Badge tone="style">what if</Badge>
          <span className={classes.stripText}>{rehearsed.join('; ')}: rehearsed, not asked</span>
        </>
      )}
      {nano_usd > 0 && (
        <span className={classes.cost} title={incomplete ? 'As far as prices are known; see Usage' : 'See Usage'}>
          {incomplete && 'at least '}
          {formatNanoUsd(nano_usd)}
        </span>
      )}
    </div>
  )
}

const NOTHING = { turns: [] }

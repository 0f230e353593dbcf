import { Badge } from '../../ui/badge.tsx'
import type { Finding } from './check-document.ts'
import { placeName, tabOf } from './finding-place.ts'
import { useWorkspace } from './workspace-context.ts'
import { reveal } from './reveal.ts'
import classes from './workspace.module.css'

const TONES = { error: 'bad', warning: 'warn', info: 'info' } as const
const WORDS = { error: 'problem', warning: 'warning', info: 'hint' } as const

/** All findings; each leads to the place where it can be mended. */
export function FindingsList({ onJump }: { onJump?: () => void }) {
  const { check, goTo } = useWorkspace()
  const jump = (finding: Finding) => {
    goTo(tabOf(finding.path))
    onJump?.()
    // After the tab has been drawn.
    requestAnimationFrame(() => reveal(finding))
  }
  if (!check || check.findings.length === 0)
    return <p className={classes.finding}>No problems. The agent can be saved and called.</p>
  return (
    <ul className={classes.findings}>
      {check.findings.map((finding) => (
        <li key={`${finding.path} ${finding.message}`}>
          <button type="button" className={classes.finding} onClick={() => jump(finding)}>
            <Badge tone={TONES[finding.severity]}>{WORDS[finding.severity]}</Badge>
            <span className={classes.message}>{finding.message}</span>
            <span className={`${classes.path ?? ''} mono`}>{placeName(finding.path)}</span>
            {finding.hint && <span className={classes.hint}>{finding.hint}</span>}
          </button>
        </li>
      ))}
    </ul>
  )
}

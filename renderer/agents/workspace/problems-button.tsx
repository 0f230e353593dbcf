import { Popover } from '@mantine/core'
import { useState } from 'react'
import { FindingsList } from './findings-list.tsx'
import { useWorkspace } from './workspace-context.ts'
import classes from './workspace.module.css'

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

/** How many problems there are; opens the list from any tab. */
export function ProblemsButton() {
  const { check } = useWorkspace()
  const [opened, setOpened] = useState(false)
  if (!check) return null
  const errors = check.findings.filter(({ severity }) => severity === 'error').length
  const others = check.findings.length - errors
  if (check.findings.length === 0) return <span>no problems</span>
  return (
    <Popover width={460} position="bottom-end" shadow="md" opened={opened} onChange={setOpened} trapFocus>
      <Popover.Target>
        <button type="button" className={classes.problems} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {errors > 0 && <span className={classes.bad}>{plural(errors, 'problem')}</span>}
          {errors > 0 && others > 0 && ' · '}
          {others > 0 && (
            <span className={classes.warn}>
              {plural(others, check.findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'hint')}
            </span>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Problems">
        <FindingsList onJump={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

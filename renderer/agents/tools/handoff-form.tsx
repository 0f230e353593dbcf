import { SegmentedControl, Select } from '@mantine/core'
import { useMemo } from 'react'
import { agentsByName } from '../agent-state.ts'
import { useLibrary } from '../agents-context.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { useTool } from './tool-context.ts'
import classes from './tools-tab.module.css'

/** Who goes on with the call, and what that agent knows of it. */
export function HandoffForm() {
  const { agent_id } = useWorkspace()
  const { read_only, pointerOf, textAt, set, errorAt } = useTool()
  const library = useLibrary((state) => state)
  const { byId } = library
  const to = textAt('agent_id')
  const history = textAt('history') || 'keep'
  const choices = useMemo(() => {
    const others = agentsByName(library)
      .filter((agent) => agent.agent_id !== agent_id)
      .map((agent) => ({ value: agent.agent_id, label: agent.name }))
    return to === '' || others.some(({ value }) => value === to) ? others : [...others, { value: to, label: `${to} (not here)` }]
  }, [library, agent_id, to])
  const isGone = to !== '' && !byId[to] && Object.keys(byId).length > 0
  return (
    <section className={classes.section} aria-label="Hand over">
      <h2 className={classes.heading}>Hand over</h2>
      <div className={classes.grid}>
        <Select
          label="Agent"
          description="Goes on with this call, under its own prompt, fields and voice"
          placeholder="Choose an agent"
          searchable
          nothingFoundMessage="No such agent"
          readOnly={read_only}
          data={choices}
          data-pointer={pointerOf('agent_id')}
          error={to === '' ? 'Choose the agent that goes on' : isGone ? 'This agent is not in the library' : errorAt('agent_id')}
          value={to || null}
          onChange={(value) => set(['agent_id'], value ?? '')}
        />
        <div>
          <span className={classes.label} id="handoff-history">
            History
          </span>
          <SegmentedControl
            aria-labelledby="handoff-history"
            readOnly={read_only}
            data={[
              { value: 'keep', label: 'Keep' },
              { value: 'clear', label: 'Clear' },
            ]}
            value={history}
            onChange={(value) => set(['history'], value)}
          />
          <p className={classes.hint}>
            {history === 'keep'
              ? 'The other agent knows what was said so far, and what tools answered.'
              : 'The other agent begins anew; nothing said before reaches it.'}
          </p>
        </div>
      </div>
    </section>
  )
}

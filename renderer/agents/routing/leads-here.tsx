import { Switch, TagsInput } from '@mantine/core'
import { valueAt } from '../document-edit.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { AttributeRules } from './attribute-rules.tsx'
import { HoursRules } from './hours-rules.tsx'
import { readPurposes } from './routing-rows.ts'
import classes from './routing.module.css'

const KNOWN_PURPOSES = ['support', 'sales', 'onboarding', 'interview']

/** The document's part: purposes, attributes, hours, and the agent's own dispatch name. */
export function LeadsHere() {
  const { content, set, read_only, findingsAt, agent_id } = useWorkspace()
  return (
    <section className={classes.card} aria-label="What leads here">
      <header className={classes.head}>
        <h2 className={classes.title}>What leads here</h2>
        <span className={classes.hint}>Any of it is enough. Saved with the agent.</span>
      </header>
      <div className={classes.body}>
        <TagsInput
          size="xs"
          label="Purposes"
          description="What the call’s metadata says as purpose, in any case. Enter adds one."
          placeholder={readPurposes(content).length === 0 ? 'support' : ''}
          data={KNOWN_PURPOSES}
          maxTags={50}
          readOnly={read_only}
          data-pointer="/routing/purposes"
          error={errorText(findingsAt('/routing/purposes'))}
          value={[...readPurposes(content)]}
          onChange={(purposes) => set(['routing', 'purposes'], purposes)}
          clearButtonProps={{ 'aria-label': 'Remove all purposes' }}
        />
        <AttributeRules />
        <HoursRules />
        <Switch
          label="Answers under its own name"
          description={
            <>
              The worker is also registered as <code className="mono">{agent_id}</code>, so that a token’s
              RoomAgentDispatch.agentName reaches this agent without any rule. Off: it is reached by the rules alone.
            </>
          }
          disabled={read_only}
          data-pointer="/routing/dispatch_by_name"
          checked={valueAt(content, ['routing', 'dispatch_by_name']) === true}
          onChange={({ currentTarget }) => set(['routing', 'dispatch_by_name'], currentTarget.checked || undefined)}
        />
      </div>
    </section>
  )
}

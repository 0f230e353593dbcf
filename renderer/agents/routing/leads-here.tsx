import { Anchor, Switch, TagsInput } from '@mantine/core'
import { formatRoute } from '../../client/address.ts'
import { useConnections } from '../../client/use-local-server.ts'
import { useOperation } from '../../client/use-operation.ts'
import { valueAt } from '../document-edit.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { AttributeRules } from './attribute-rules.tsx'
import { HoursRules } from './hours-rules.tsx'
import { readPurposes } from './routing-rows.ts'
import { sharedPurposes } from './shared-purposes.ts'
import frame from '../card.module.css'
import classes from './routing.module.css'

const EVENTS = ['agent.changed', 'agent.deleted', 'route.changed'] as const
const KNOWN_PURPOSES = ['support', 'sales', 'onboarding', 'interview']

/** The document's part: purposes, attributes, hours, and the agent's own dispatch name. */
export function LeadsHere() {
  const { content, set, read_only, findingsAt, agent_id } = useWorkspace()
  return (
    <section className={frame.card} aria-label="What leads here">
      <header className={frame.head}>
        <h2 className={frame.title}>What leads here</h2>
        <span className={classes.hint}>Any of it is enough. Saved with the agent.</span>
      </header>
      <div className={classes.body}>
        <WhereItCounts byName={valueAt(content, ['routing', 'dispatch_by_name']) === true} />
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
        <SharedPurposes purposes={readPurposes(content)} />
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

/** Two agents may have one purpose; that one of them is never reached by it should surprise nobody. */
function SharedPurposes({ purposes }: Readonly<{ purposes: readonly string[] }>) {
  const { agent_id } = useWorkspace()
  const { value } = useOperation('route.get', {}, EVENTS)
  const shared = value ? sharedPurposes(agent_id, purposes, value.agents) : []
  if (shared.length === 0) return null
  return (
    <ul className={classes.shared} role="status">
      {shared.map(({ purpose, others, first }) => (
        <li key={purpose}>
          “{purpose}” is also a purpose of {listText(others)}.{' '}
          {first === agent_id ? (
            'This agent answers: it is the first by id.'
          ) : (
            <>
              The first by id answers: <code className="mono">{first}</code>.
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

const listText = (names: readonly string[]): string =>
  new Intl.ListFormat('en').format(names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names)

/** Rules lead somewhere only where calls of others are taken: a switch without effect should say so. */
function WhereItCounts({ byName }: { byName: boolean }) {
  const connections = useConnections().value?.connections
  if (!connections) return null
  const served = connections.some(({ serve }) => serve)
  const words = [
    !served && !connections.some(({ automatic }) => automatic) && 'No connection takes calls from outside this studio yet.',
    byName && !served && 'No connection lets agents answer under their own names.',
  ].filter((word) => word !== false)
  const [first] = words
  if (first === undefined) return null
  return (
    <p className={classes.note} role="status">
      {first} Until one does, this can only be tried out here.{' '}
      <Anchor underline="always" inherit href={formatRoute({ screen: 'settings', part: 'livekit' })}>
        LiveKit connections
      </Anchor>
    </p>
  )
}

import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { AgentId, type AgentSummary, type RouteWeights } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { useOperation } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { ShareBar } from '../arms/share-bar.tsx'
import { shareText } from '../arms/share-text.ts'
import { StoppedArm } from './stopped-arm.tsx'
import { WeightBounds } from './weight-bounds.tsx'
import { armShares, draftOfWeights, isSameWeights, latestWeights, readWeights, type WeightsDraft } from './weight-rows.ts'
import { WeightedArms } from './weighted-arms.tsx'
import classes from './routing.module.css'

type Props = Readonly<{ agents: readonly AgentSummary[] }>
const EVENTS = ['route.changed'] as const

/** A/B shares of the callers, sticky by user: changed as a whole, because each weight moves callers. */
export function WeightsForm({ agents }: Props) {
  const studio = useStudio()
  const { value, error, reload } = useOperation('route.get', {}, EVENTS)
  const [edited, edit] = useState<WeightsDraft>()
  const [answered, answer] = useState<RouteWeights>()
  const saved = value && latestWeights(value.weights, answered)
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (!saved) return null
  const weights = edited ?? draftOfWeights(saved)
  const { arms, experiment } = weights
  const changed = !isSameWeights(weights, draftOfWeights(saved))
  const read = readWeights(weights)
  const find = (agent_id: string) => agents.find((agent) => agent.agent_id === agent_id)
  const nameOf = (agent_id: string) => find(agent_id)?.name ?? agent_id
  const shares = armShares(arms, (agent_id) => find(agent_id)?.enabled === true)
  const weigh = (at: number, weight: number) =>
    edit({ ...weights, arms: arms.map((arm, index) => (index === at ? { ...arm, weight } : arm)) })
  const add = (id: string | null) => {
    const agent_id = AgentId.safeParse(id)
    if (!agent_id.success) return
    edit({ ...weights, arms: [...arms, { agent_id: agent_id.data, weight: arms.length === 0 ? 90 : 10 }] })
    setTimeout(() => document.querySelector<HTMLInputElement>(`[data-weight="${arms.length}"]`)?.select(), 60)
  }
  const bound = (bounds: WeightsDraft['bounds']) => edit({ experiment, arms, ...(bounds && { bounds }) })
  const apply = () =>
    read &&
    studio.call('route.set_weights', read).then(
      (weights) => {
        answer(weights)
        edit(undefined)
        toast('The weights are at work for new calls')
      },
      (cause: unknown) => toastError(cause),
    )
  return (
    <fieldset className={classes.rules}>
      <legend className={classes.legend}>A/B weights</legend>
      {arms.length === 0 && (
        <p className={classes.text}>None. Add agents to share callers between them, or to roll a new one out to a few.</p>
      )}
      {arms.length > 0 && (
        <ShareBar shares={shares.map(({ agent_id, share }) => ({ key: agent_id, name: nameOf(agent_id), share }))} />
      )}
      {arms.map(({ agent_id, weight }, index) => {
        const agent = find(agent_id)
        const share = shares[index]
        return (
          <Fragment key={agent_id}>
            <div className={classes.arm}>
              <span className={classes.swatch} data-arm={index % 6} aria-hidden />
              <span className={classes.armName}>{agent?.name ?? agent_id}</span>
              <span className={classes.share}>{share?.answers ? shareText(share.share) : agent ? 'disabled' : 'not there'}</span>
              <NumberInput
                className={classes.weight}
                aria-label={`Weight of ${agent?.name ?? agent_id}`}
                data-weight={index}
                min={0}
                max={1_000_000}
                value={weight}
                onChange={(next) => weigh(index, Math.min(1_000_000, Math.max(0, Number(next) || 0)))}
              />
              <ActionIcon
                aria-label={`Remove ${agent?.name ?? agent_id} from the weights`}
                onClick={() => edit({ ...weights, arms: arms.filter((_, other) => other !== index) })}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </div>
            <StoppedArm weights={saved} agent_id={agent_id} />
          </Fragment>
        )
      })}
      <div className={classes.row}>
        <Select
          // What was searched for goes with the one that was added.
          key={arms.length}
          className={classes.grow}
          aria-label="Add an agent to the weights"
          placeholder="Add an agent…"
          searchable
          limit={60}
          data={agents
            .filter(({ agent_id }) => !arms.some((arm) => arm.agent_id === agent_id))
            .map(({ agent_id, name }) => ({ value: agent_id, label: name }))}
          value={null}
          onChange={add}
        />
        {arms.length > 0 && (
          <TextInput
            aria-label="Name of the experiment"
            title="Another name draws all callers anew"
            maxLength={100}
            value={experiment}
            onChange={({ currentTarget }) => edit({ ...weights, experiment: currentTarget.value })}
          />
        )}
      </div>
      {arms.length > 0 && (
        <p className={classes.text}>
          A caller keeps its agent by user_id. A changed weight moves only as many as it must; another name of the experiment
          draws everybody anew.
        </p>
      )}
      {arms.length > 0 && <WeightBounds draft={weights.bounds} onDraft={bound} />}
      {saved.arms.length > 0 && !changed && <WeightedArms nameOf={nameOf} />}
      {changed && (
        <div className={classes.row}>
          <Button variant="filled" disabled={!read} onClick={() => void apply()}>
            Apply the weights
          </Button>
          <Button onClick={() => edit(undefined)}>Undo</Button>
        </div>
      )}
    </fieldset>
  )
}

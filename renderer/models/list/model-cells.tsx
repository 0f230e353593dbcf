import { ActionIcon, Button } from '@mantine/core'
import { IconGauge, IconTrash } from '@tabler/icons-react'
import type { LocalModel, ModelSet } from '../../../core/contract/index.ts'
import { llmProfile } from '../../../core/local-models/llm-profiles.ts'
import { useModelJob, useModelJobs } from '../../client/model-jobs-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { formatBytes } from '../../ui/format.ts'
import { RowName } from '../../ui/row-name.tsx'
import { Cell } from '../../ui/virtual-table.tsx'
import { FollowsBar } from './follows-bar.tsx'
import { isTooSlow, measureWords } from './measure-words.ts'
import { languagesText } from './model-rows.ts'
import classes from './list.module.css'

type Props = Readonly<{
  model: LocalModel
  bringing: ModelSet | undefined
  open: boolean
  onOpen: () => void
  onRemove: () => void
}>

/** One line of the list. */
export const ModelCells = ({ model, bringing, open, onOpen, onRemove }: Props) => (
  <>
    <Cell>
      <RowName name={model.name} open={open} onOpen={onOpen} />
      <span className={classes.badges}>
        <ModelBadges model={model} />
      </span>
      {!open && <p className={classes.about}>{model.unfit ?? model.description}</p>}
    </Cell>
    <Cell>{languagesText(model.languages)}</Cell>
    <Cell>{formatBytes(model.installed ? model.disk_bytes : model.download_bytes)}</Cell>
    <Cell>
      <Speed model={model} />
    </Cell>
    <Cell>
      {model.measured?.follows_fields === undefined ? (
        <span className={classes.faint}>{model.kind === 'llm' ? '–' : ''}</span>
      ) : (
        <FollowsBar share={model.measured.follows_fields} cases={model.measured.cases} />
      )}
    </Cell>
    <Cell>
      <span className={classes.licence} title={model.licence}>
        {model.licence}
      </span>
    </Cell>
    <Cell>
      <span className={classes.actions}>
        <Actions model={model} bringing={bringing} onRemove={onRemove} />
      </span>
    </Cell>
  </>
)

function ModelBadges({ model }: { model: LocalModel }) {
  return (
    <>
      {model.installed && <Badge tone="good">here</Badge>}
      {model.recommended && (
        <Badge tone="info" title="The one to take for its kind on a machine of this size">
          recommended
        </Badge>
      )}
      {model.kind === 'llm' && llmProfile(model.model_id).demo && (
        <Badge tone="warn" title="Too small to understand much: it shows that a call works offline">
          demo
        </Badge>
      )}
      {model.streaming && <Badge title="Hears while the caller speaks">streaming</Badge>}
      {model.unfit !== undefined && (
        <Badge tone="bad" title={model.unfit}>
          too large here
        </Badge>
      )}
      {model.checked === 'own' && <Badge>your own</Badge>}
    </>
  )
}

function Speed({ model }: { model: LocalModel }) {
  const words = measureWords(model)
  if (words.length === 0) return <span className={classes.faint}>{model.installed ? 'not measured' : '–'}</span>
  return words.map((word) => (
    <span key={word} className={classes.speed} data-slow={isTooSlow(model)}>
      {word}
    </span>
  ))
}

function Actions({ model, bringing, onRemove }: Pick<Props, 'model' | 'bringing' | 'onRemove'>) {
  const jobs = useModelJobs()
  const { model_id, name, installed, download_bytes } = model
  const running = useModelJob(model_id)?.progress !== undefined
  if (bringing && !installed) return <span className={classes.faint}>comes with the set</span>
  if (running)
    return (
      <Button aria-label={`Cancel ${name}`} onClick={() => void jobs.cancel(model_id)}>
        Cancel
      </Button>
    )
  if (!installed)
    return (
      <Button aria-label={`Get ${name}, ${formatBytes(download_bytes)}`} onClick={() => void jobs.get(model_id)}>
        Get
      </Button>
    )
  return (
    <>
      <Button
        leftSection={<IconGauge size={14} />}
        aria-label={`Measure ${name}`}
        title="Runs it as a call would, and keeps how fast it was"
        onClick={() => void jobs.measure(model_id)}
      >
        Measure
      </Button>
      <ActionIcon aria-label={`Remove ${name}`} title="Remove from the disk" onClick={onRemove}>
        <IconTrash size={14} />
      </ActionIcon>
    </>
  )
}

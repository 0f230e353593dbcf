import { Button, Progress } from '@mantine/core'
import { useState } from 'react'
import type { LocalModel } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useModelJob, useModelJobs } from '../../client/model-jobs-context.tsx'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { percent, progressText } from '../../ui/fetch-state.ts'
import { formatBytes, formatMoment } from '../../ui/format.ts'
import { toast } from '../../ui/toast.tsx'
import { languageName } from '../../ui/language-name.ts'
import { measureDetails, measureWords } from './measure-words.ts'
import classes from './list.module.css'

const CHECKED: Readonly<Record<LocalModel['checked'], string>> = {
  pinned: 'by a SHA-256 of ours: this very file was tried',
  stated: 'by the SHA-256 that its hub states',
  own: 'not at all: you brought it, or named a place that states none',
}

/** What is known of a model beyond its line. */
export function ModelFacts({ model }: { model: LocalModel }) {
  const { description, unfit, languages, voices, source, checked, licence, model_id, disk_bytes, needs_memory_bytes } = model
  const facts: readonly (readonly [string, string])[] = [
    ['Languages', languages.length === 0 ? 'not known' : languages.map(languageName).join(', ')],
    ...(voices.length > 1 ? [['Voices', voices.map(({ label }) => label).join(', ')] as const] : []),
    ['On disk', formatBytes(disk_bytes)],
    ...(needs_memory_bytes === undefined ? [] : [['Needs', `${formatBytes(needs_memory_bytes)} of memory to run well`] as const]),
    ['Source', source],
    ['Checked', CHECKED[checked]],
    ['Licence', licence],
    ['Id', model_id],
    ...(model.measured
      ? [
          [
            'Measured here',
            [...measureWords(model), ...measureDetails(model), formatMoment(model.measured.at)].join(' · '),
          ] as const,
        ]
      : []),
  ]
  return (
    <div className={classes.facts}>
      <p className={classes.dim}>{description}</p>
      {unfit !== undefined && <p className={classes.warning}>{unfit}</p>}
      <dl className={classes.list}>
        {facts.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** Progress or failure of what is done to a model, under its line. */
export function ModelJobLine({ model }: { model: LocalModel }) {
  const jobs = useModelJobs()
  const { progress, error } = useModelJob(model.model_id) ?? {}
  if (progress)
    return (
      <div className={classes.job}>
        {progress.total_bytes > 0 && <Progress size="sm" value={percent(progress)} aria-label={`Progress of ${model.name}`} />}
        <span className={classes.dim} role="status">
          {progressText(progress)}
          {progress.source !== undefined && `, from ${progress.source}`}
        </span>
      </div>
    )
  if (!error) return null
  return (
    <div className={classes.failure}>
      <ErrorNote error={error} onRetry={() => void (model.installed ? jobs.measure(model.model_id) : jobs.get(model.model_id))} />
      <Button onClick={() => jobs.dismiss(model.model_id)}>Put away</Button>
    </div>
  )
}

/** A model is gone for good, so it is asked; what it gives back is said. */
export function RemoveModel({ model, onClose }: { model: LocalModel; onClose: () => void }) {
  const studio = useStudio()
  const [error, setError] = useState<StudioError>()
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    try {
      const { freed_bytes } = await studio.call('model.remove', { model_id: model.model_id })
      toast(`${model.name} is removed: ${formatBytes(freed_bytes)} are free again`)
      onClose()
    } catch (cause) {
      setError(toStudioError(cause))
      setBusy(false)
    }
  }
  return (
    <div role="group" aria-label={`Remove ${model.name}`} className={classes.failure}>
      {error ? (
        <ErrorNote error={error} onRetry={() => void remove()} />
      ) : (
        <span>
          Remove it from the disk? That frees {formatBytes(model.disk_bytes)}.{' '}
          {model.checked === 'own' ? 'What you imported it from is left as it is.' : 'It can be fetched again.'}
        </span>
      )}
      <Button autoFocus loading={busy} onClick={() => void remove()}>
        Remove
      </Button>
      <Button onClick={onClose}>Keep it</Button>
    </div>
  )
}

import { Button, Progress, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ModelSet } from '../../core/contract/index.ts'
import { useOperation } from '../client/use-operation.ts'
import { Badge } from '../ui/badge.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { formatBytes } from '../ui/format.ts'
import { percent, progressText } from '../ui/fetch-state.ts'
import { useModelFetch } from '../client/use-model-fetch.ts'
import classes from './models.module.css'

/** Speech that understands and answers without a network, fetched once. */
export function BuiltinSpeech() {
  const { value, error, reload } = useOperation('model.list', {})
  return (
    <>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {value?.sets.map((set) => (
        <SetCard key={set.set_id} set={set} onChanged={reload} />
      ))}
    </>
  )
}

function SetCard({ set, onChanged }: { set: ModelSet; onChanged: () => void }) {
  const { progress, error, get, cancel } = useModelFetch(set.set_id, onChanged)
  const [mirror, setMirror] = useState('')
  return (
    <section className={classes.card} aria-label={set.name}>
      <header className={classes.head}>
        <h2 className={classes.heading}>{set.name}</h2>
        <Badge tone={set.installed ? 'good' : 'warn'}>{set.installed ? 'on this machine' : 'not fetched yet'}</Badge>
      </header>
      <div className={classes.body}>
        <p className={classes.hint}>
          {set.installed
            ? `Calls understand and speak offline. In ${set.folder}.`
            : 'Until it is here, calls use rehearsal and espeak-ng in its place, and say so. With it, a call is understood and answered in a real voice, offline.'}
        </p>
        <p className={classes.hint}>{set.model_ids.join(', ')}</p>
        {progress && (
          <div className={classes.row}>
            <div className={classes.grow}>
              <Progress value={percent(progress)} animated aria-label={`Progress of ${set.name}`} />
              <span className={classes.hint} role="status">
                {progressText(progress)}
              </span>
            </div>
            <Button onClick={() => void cancel()}>Cancel</Button>
          </div>
        )}
        {error && <ErrorNote error={error} onRetry={() => void get(mirror)} />}
        {!set.installed && !progress && (
          <>
            <div className={classes.row}>
              <Button variant="filled" onClick={() => void get(mirror.trim())}>
                Get speech models · {formatBytes(set.download_bytes)}
              </Button>
              <span className={classes.hint}>
                {formatBytes(set.disk_bytes)} on disk, {set.licence}. Every file is checked by its SHA-256; a broken download goes
                on where it stopped.
              </span>
            </div>
            <details>
              <summary>From a mirror</summary>
              <TextInput
                mt={6}
                label="Mirror"
                description="Address or folder that holds the same files"
                placeholder="https://mirror.example/greenroom"
                value={mirror}
                onChange={(event) => setMirror(event.currentTarget.value)}
              />
            </details>
          </>
        )}
      </div>
    </section>
  )
}

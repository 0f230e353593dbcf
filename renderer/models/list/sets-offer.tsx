import type { ModelSet } from '../../../core/contract/index.ts'
import { formatBytes } from '../../ui/format.ts'
import { ModelFetch } from '../../ui/model-fetch.tsx'
import classes from './list.module.css'

type Props = Readonly<{
  sets: readonly ModelSet[]
  /** Nothing is here at all, and no key either. */ fresh: boolean
  onKeys: () => void
}>

const NAMES: Readonly<Record<string, string>> = { starter: 'the offline set', speech: 'speech alone' }
const WHAT: Readonly<Record<string, string>> = {
  starter: 'Heard, answered and spoken on this machine. Its language model is a demo.',
  speech: 'Heard and spoken on this machine; who answers is up to the agent.',
}

/** The shortest way to a real call without a network: one button each, with what it costs beside it. */
export function SetsOffer({ sets, fresh, onKeys }: Props) {
  if (sets.length === 0) return null
  return (
    <section className={classes.offers} aria-label="Models to begin with">
      {fresh && (
        <p className={classes.welcome}>
          Calls work already: they are rehearsed, without AI. For real answers, fetch models to this machine, or{' '}
          <button type="button" className={classes.textButton} onClick={onKeys}>
            store the key of a provider
          </button>
          . Nothing is fetched unasked.
        </p>
      )}
      {sets.map((set) => (
        <div key={set.set_id} className={classes.offer}>
          <h2 className={classes.offerName}>{set.name}</h2>
          <p className={classes.dim}>{WHAT[set.set_id] ?? set.model_ids.join(', ')}</p>
          <ModelFetch
            id={set.set_id}
            name={NAMES[set.set_id] ?? set.name}
            download_bytes={set.download_bytes}
            onDone={() => undefined}
          />
          <p className={classes.faint}>{formatBytes(set.disk_bytes)} on disk, checked by SHA-256; goes on where it stopped</p>
        </div>
      ))}
    </section>
  )
}

import { Button } from '@mantine/core'
import type { ModelSet } from '../../../core/contract/index.ts'
import { formatBytes } from '../../ui/format.ts'
import { ModelFetch } from '../../ui/model-fetch.tsx'
import type { AnsweringPart } from './answering-parts.ts'
import { offlineOffer } from './offer.ts'
import classes from './setup.module.css'

type Props = Readonly<{
  parts: readonly AnsweringPart[]
  sets: readonly ModelSet[]
  onInstalled: () => void
  onOpenModels: () => void
}>

/** A call works at once in rehearsal; what makes it real without account or network is one button away. */
export function OfflineOffer({ parts, sets, onInstalled, onOpenModels }: Props) {
  const offer = offlineOffer(parts, sets)
  if (!offer) return null
  return (
    <section className={classes.models} aria-label="Real answers, offline">
      {offer.kind === 'fetch' ? (
        <>
          <p className={classes.modelsText}>
            <strong>
              {offer.can_start ? 'You can start now, with what is here.' : 'A call needs the key, or models of this machine.'}
            </strong>{' '}
            With the smallest offline set, AI models hear, answer and speak on this machine, without a key or a network. Its
            language model is a demo: better ones are under Models &amp; keys. {formatBytes(offer.set.disk_bytes)} on disk.
          </p>
          <ModelFetch
            id={offer.set.set_id}
            name="the offline set"
            download_bytes={offer.set.download_bytes}
            onDone={onInstalled}
          />
        </>
      ) : (
        <>
          <p className={classes.modelsText}>
            <strong>The offline set is on this machine; this agent does not use all of it.</strong> One edit puts hearing,
            thinking and speaking on it.
          </p>
          <Button onClick={onOpenModels}>Go offline in Voice &amp; models</Button>
        </>
      )}
    </section>
  )
}

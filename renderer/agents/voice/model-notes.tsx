import { Tooltip } from '@mantine/core'
import type { LocalModel, PriceSnapshot } from '../../../core/contract/index.ts'
import { isLoopback, type Provider, type ProviderModel } from '../../../core/providers/index.ts'
import { formatBytes } from '../../ui/format.ts'
import { priceDetail, priceText } from '../../ui/price.ts'
import { textAt } from '../document-edit.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { modelNotes, type ModelNote } from './capability-words.ts'
import { priceOf } from './provider-state.ts'
import { modelAt, slotPath, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './voice.module.css'

/** What is worth knowing of the chosen model: its price with date and source, how it follows the table, the voice style and languages. */
export function ModelNotes({ slot, provider }: { slot: Slot; provider: Provider }) {
  const { content } = useWorkspace()
  const { prices, models } = useVoiceFacts()
  const id = modelAt(content, slot)
  const local = models.find((one) => one.kind === slot.kind && one.model_id === id)
  const base_url = textAt(content, [...slotPath(slot), 'base_url']) || undefined
  const price = priceOf(prices, provider, id, base_url)
  const known = provider.models.find((one) => one.id === id)
  const notes = [...modelNotes(provider, localised(known, local)), ...(local ? localNotes(local) : [])]
  if (!provider.is_ai && !price) return null
  return (
    <dl className={classes.notes}>
      {provider.network !== 'never' && (price ?? !isLoopback(provider.base_url ?? '')) && (
        <div>
          <dt>Price</dt>
          <dd>{price ? <PriceWords price={price} /> : 'no price known'}</dd>
        </div>
      )}
      {notes.map(({ label, text }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

const PriceWords = ({ price }: { price: PriceSnapshot }) => (
  <Tooltip label={priceDetail(price)} multiline maw={340}>
    <span className={classes.price} tabIndex={0}>
      {priceText(price)}
    </span>
  </Tooltip>
)

/** What is on this machine knows its languages best. */
const localised = (model: ProviderModel | undefined, local: LocalModel | undefined): ProviderModel | undefined =>
  local && local.languages.length > 0
    ? { id: local.model_id, label: local.name, help: local.description, ...model, languages: local.languages }
    : model

function localNotes({ licence, needs_memory_bytes, unfit, measured }: LocalModel): readonly ModelNote[] {
  const figures = [
    measured?.first_token_ms === undefined ? '' : `first token ${Math.round(measured.first_token_ms)} ms`,
    measured?.tokens_per_second === undefined ? '' : `${Math.round(measured.tokens_per_second)} tokens/s`,
    measured?.first_audio_ms === undefined ? '' : `first audio ${Math.round(measured.first_audio_ms)} ms`,
    measured?.real_time_factor === undefined ? '' : `${measured.real_time_factor.toFixed(2)} s of work per second of audio`,
    measured?.follows_fields === undefined ? '' : followsText(measured.follows_fields, measured.cases),
  ].filter(Boolean)
  const notes: ModelNote[] = [
    { label: 'Measured here', text: figures.join(', ') || 'not yet' },
    { label: 'Memory', text: needs_memory_bytes === undefined ? '' : `needs ${formatBytes(needs_memory_bytes)}` },
    { label: 'Licence', text: licence },
    { label: 'Too large', text: unfit ?? '' },
  ]
  return notes.filter(({ text }) => text !== '')
}

const followsText = (share: number, cases: number | undefined): string =>
  `follows fields in ${Math.round(share * 100)} %${cases === undefined ? '' : ` of ${cases} cases`}`

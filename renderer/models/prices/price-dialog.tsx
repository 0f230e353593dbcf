import { Autocomplete, Button, Modal, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { PriceEntry } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import { listProviders } from '../../../core/providers/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { priceDetail } from '../../ui/price.ts'
import { toast } from '../../ui/toast.tsx'
import { amountFields, draftOf, readDraft, unitsOf, UNIT_NAMES, type DraftProblems, type PriceDraft } from './price-draft.ts'
import { cataloguePrice } from './price-rows.ts'
import classes from './prices.module.css'

type Which = Pick<PriceEntry, 'kind' | 'provider' | 'model'>
const KINDS = [
  { value: 'llm', label: 'LLM' },
  { value: 'stt', label: 'STT' },
  { value: 'tts', label: 'TTS' },
] as const

const thisMonth = () => new Date().toISOString().slice(0, 7)

/** A person’s own price of a model, which comes before the catalogue’s. Without `entry`: of a model yet to be named. */
export function PriceDialog({ entry, onClose }: { entry: PriceEntry | undefined; onClose: () => void }) {
  const studio = useStudio()
  const [which, setWhich] = useState<Which>(entry ?? { kind: 'llm', provider: '', model: '' })
  const [draft, setDraft] = useState(() => draftOf(which.kind, entry?.price, thisMonth()))
  const [tried, setTried] = useState(false)
  const [error, setError] = useState<StudioError>()
  const read = readDraft(draft)
  const listed = cataloguePrice(which)
  const { kind, provider, model } = which
  const named = provider !== '' && model.trim() !== ''

  const set = async (price: PriceEntry['price'] | undefined) => {
    try {
      await studio.call('price.set', { kind, provider, model: model.trim(), ...(price ? { price } : {}) })
      toast(price ? `${model} has a price of your own: calls from now on use it` : `${model} has the catalogue’s price again`)
      onClose()
    } catch (cause) {
      setError(toStudioError(cause))
    }
  }
  return (
    <Modal opened onClose={onClose} title={entry ? `Price of ${entry.model}` : 'Price of a model'} size={520}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (named && 'price' in read) void set(read.price)
        }}
      >
        {!entry && (
          <WhichModel
            which={which}
            onWhich={(next) => {
              setWhich(next)
              if (next.kind !== kind) setDraft(draftOf(next.kind, undefined, thisMonth()))
            }}
          />
        )}
        <Amounts kind={kind} draft={draft} onDraft={setDraft} problems={tried && 'problems' in read ? read.problems : {}} />
        {listed && <p className={classes.dim}>The catalogue says {priceDetail(listed)}.</p>}
        {tried && !named && <p className={classes.warn}>Choose a provider and name its model.</p>}
        {error && <ErrorNote error={error} />}
        <div className={classes.buttons}>
          {entry?.own && <Button onClick={() => void set(undefined)}>{listed ? 'Back to the catalogue’s' : 'Remove it'}</Button>}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled">
            Use this price
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function WhichModel({ which, onWhich }: { which: Which; onWhich: (which: Which) => void }) {
  const providers = listProviders(which.kind).filter(({ network }) => network !== 'never')
  const models = providers.find(({ id }) => id === which.provider)?.models ?? []
  return (
    <div className={classes.row}>
      <Select
        w={90}
        label="Kind"
        data-autofocus
        data={[...KINDS]}
        value={which.kind}
        onChange={(value) => {
          const kind = KINDS.find((one) => one.value === value)?.value
          if (kind) onWhich({ kind, provider: '', model: '' })
        }}
      />
      <Select
        className={classes.grow ?? ''}
        label="Provider"
        searchable
        data={providers.map(({ id, name }) => ({ value: id, label: name }))}
        value={which.provider === '' ? null : which.provider}
        nothingFoundMessage="No provider with this name"
        onChange={(provider) => onWhich({ ...which, provider: provider ?? '', model: '' })}
      />
      <Autocomplete
        className={classes.grow ?? ''}
        label="Model"
        limit={60}
        data={[...new Set(models.map(({ id }) => id))]}
        value={which.model}
        onChange={(model) => onWhich({ ...which, model })}
      />
    </div>
  )
}

type AmountProps = Readonly<{
  kind: PriceEntry['kind']
  draft: PriceDraft
  onDraft: (draft: PriceDraft) => void
  problems: DraftProblems
}>

function Amounts({ kind, draft, onDraft, problems }: AmountProps) {
  const units = unitsOf(kind)
  const text = (key: 'as_of' | 'source', label: string, placeholder: string) => (
    <TextInput
      className={classes.grow ?? ''}
      label={label}
      placeholder={placeholder}
      autoComplete="off"
      value={draft[key]}
      onChange={(event) => onDraft({ ...draft, [key]: event.currentTarget.value })}
    />
  )
  return (
    <>
      <div className={classes.row}>
        <Select
          w={130}
          label="Dollars per"
          disabled={units.length === 1}
          data={units.map((value) => ({ value, label: UNIT_NAMES[value] }))}
          value={draft.per}
          onChange={(value) => {
            const per = units.find((unit) => unit === value)
            if (per) onDraft({ ...draft, per })
          }}
        />
        {amountFields(draft).map(({ key, label, placeholder }) => (
          <TextInput
            key={key}
            className={classes.grow ?? ''}
            label={label}
            placeholder={placeholder}
            autoComplete="off"
            value={draft.amounts[key] ?? ''}
            error={problems[key]}
            onChange={(event) => onDraft({ ...draft, amounts: { ...draft.amounts, [key]: event.currentTarget.value } })}
          />
        ))}
      </div>
      <div className={classes.row}>
        {text('as_of', 'As of', '2026-11')}
        {text('source', 'Where from', 'our contract, or an address')}
      </div>
    </>
  )
}

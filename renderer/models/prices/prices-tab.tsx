import { ActionIcon, Button, SegmentedControl, Switch, TextInput } from '@mantine/core'
import { IconPencil, IconPlus, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { PriceEntry } from '../../../core/contract/index.ts'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { Busy } from '../../ui/busy.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { priceDetail, priceText } from '../../ui/price.ts'
import { Cell, VirtualTable, type Column } from '../../ui/virtual-table.tsx'
import { PriceDialog } from './price-dialog.tsx'
import { noPriceFilter, priceRows, type PriceFilter, type PriceRow } from './price-rows.ts'
import shared from '../models.module.css'
import classes from './prices.module.css'

const COLUMNS: readonly Column[] = [
  { key: 'provider', label: 'Provider', width: '124px' },
  { key: 'kind', label: 'Kind', width: '40px' },
  { key: 'model', label: 'Model', width: 'minmax(160px, 1fr)' },
  { key: 'price', label: 'Price', width: 'minmax(250px, 0.9fr)' },
  { key: 'date', label: 'As of', width: '66px' },
  { key: 'source', label: 'Source', width: 'minmax(90px, 0.7fr)' },
  { key: 'actions', label: 'Actions', width: '28px', quiet: true },
]
const KINDS: readonly Readonly<{ value: PriceFilter['kind']; label: string }>[] = [
  { value: 'all', label: 'All' },
  { value: 'stt', label: 'STT' },
  { value: 'llm', label: 'LLM' },
  { value: 'tts', label: 'TTS' },
]

/** What models cost: the catalogue’s prices with month and source, and the ones that were typed in here. */
export function PricesTab() {
  const { value, error, reload } = useOperation('price.list', {}, ['price.changed'])
  const [filter, setFilter] = useState(noPriceFilter)
  const [edited, setEdited] = useState<{ entry: PriceEntry | undefined }>()
  const rows = useMemo(() => priceRows(value?.prices ?? [], filter), [value, filter])
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (!value) return <Busy label="Loading the prices" />
  return (
    <>
      <div className={shared.tools}>
        <TextInput
          className={shared.search ?? ''}
          aria-label="Find prices"
          placeholder="Provider, model, source"
          leftSection={<IconSearch size={14} />}
          value={filter.query}
          onChange={({ currentTarget: { value: query } }) => setFilter({ ...filter, query })}
        />
        <SegmentedControl
          aria-label="Kind of provider"
          value={filter.kind}
          data={[...KINDS]}
          onChange={(chosen) => setFilter({ ...filter, kind: KINDS.find((one) => one.value === chosen)?.value ?? 'all' })}
        />
        <Switch
          label="Only my own"
          checked={filter.own}
          onChange={({ currentTarget: { checked: own } }) => setFilter({ ...filter, own })}
        />
        <span className={shared.faint} role="status">
          {rows.length} {rows.length === 1 ? 'price' : 'prices'}
        </span>
        <span className={shared.end}>
          <Button leftSection={<IconPlus size={14} />} onClick={() => setEdited({ entry: undefined })}>
            Price of another model…
          </Button>
        </span>
      </div>
      <div className={shared.fill}>
        {rows.length > 0 ? (
          <VirtualTable label="Prices" columns={COLUMNS} rows={rows} getKey={({ key }) => key} estimate={() => 34}>
            {(row) => <PriceCells row={row} onEdit={() => setEdited({ entry: row.entry })} />}
          </VirtualTable>
        ) : (
          <p className={shared.nothing}>
            {filter.own && filter.query === ''
              ? 'No price of your own. Edit one of the list, or give the price of another model.'
              : 'No price is like that. A model without a price is not added up, and its calls say so.'}
          </p>
        )}
      </div>
      <p className={shared.foot}>
        A call keeps the prices that it was started with. A price of your own comes before the catalogue’s.
      </p>
      {edited && <PriceDialog entry={edited.entry} onClose={() => setEdited(undefined)} />}
    </>
  )
}

function PriceCells({ row: { entry, provider }, onEdit }: { row: PriceRow; onEdit: () => void }) {
  const { price, own, kind, model } = entry
  return (
    <>
      <Cell>{provider}</Cell>
      <Cell>{kind.toUpperCase()}</Cell>
      <Cell mono>{model === '' ? 'any' : model}</Cell>
      <Cell>
        <span title={priceDetail(price)}>{priceText(price)}</span> {own && <Badge tone="info">own</Badge>}
      </Cell>
      <Cell>{price.as_of}</Cell>
      <Cell>
        <span className={classes.source} title={price.source}>
          {price.source.replace(/^https?:\/\/(www\.)?/, '')}
        </span>
      </Cell>
      <Cell>
        <ActionIcon size="sm" aria-label={`Edit the price of ${model} of ${provider}`} onClick={onEdit}>
          <IconPencil size={14} />
        </ActionIcon>
      </Cell>
    </>
  )
}

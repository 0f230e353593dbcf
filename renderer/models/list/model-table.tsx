import { useState } from 'react'
import type { LocalModel, ModelSet } from '../../../core/contract/index.ts'
import { useAllModelJobs } from '../../client/model-jobs-context.tsx'
import { VirtualTable, WideCell, type Column } from '../../ui/virtual-table.tsx'
import { ModelCells } from './model-cells.tsx'
import { ModelFacts, ModelJobLine, RemoveModel } from './model-details.tsx'
import { KIND_TITLES, setBringing, type ModelRow } from './model-rows.ts'

const COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Model', width: 'minmax(240px, 1fr)' },
  { key: 'languages', label: 'Languages', width: '92px' },
  { key: 'size', label: 'Size', width: '58px' },
  { key: 'speed', label: 'Speed here', width: '116px' },
  { key: 'fields', label: 'Follows fields', width: '84px' },
  { key: 'licence', label: 'Licence', width: '82px' },
  { key: 'actions', label: 'Actions', width: '130px', quiet: true },
]
const ROW_HEIGHT = 52
const GROUP_HEIGHT = 34

const keyOf = (row: ModelRow): string => (row.type === 'kind' ? row.kind : `${row.model.kind} ${row.model.model_id}`)

/** All models, kind by kind; a line opens to everything that is known of it. */
export function ModelTable({ rows, sets }: { rows: readonly ModelRow[]; sets: readonly ModelSet[] }) {
  const [open, setOpen] = useState<string>()
  const [removing, setRemoving] = useState<string>()
  const jobs = useAllModelJobs()
  const isFetching = (set_id: string) => jobs[set_id]?.progress !== undefined

  const extras = (model: LocalModel, key: string) => {
    const job = jobs[model.model_id]
    if (open !== key && removing !== key && !job) return null
    return (
      <WideCell span={COLUMNS.length}>
        {removing === key && <RemoveModel model={model} onClose={() => setRemoving(undefined)} />}
        {job && <ModelJobLine model={model} />}
        {open === key && <ModelFacts model={model} />}
      </WideCell>
    )
  }
  return (
    <VirtualTable
      label="Models"
      columns={COLUMNS}
      rows={rows}
      getKey={keyOf}
      estimate={(row) => (row.type === 'kind' ? GROUP_HEIGHT : ROW_HEIGHT)}
    >
      {(row) => {
        if (row.type === 'kind')
          return (
            <WideCell heading span={COLUMNS.length}>
              {KIND_TITLES[row.kind]}
            </WideCell>
          )
        const key = keyOf(row)
        return (
          <>
            <ModelCells
              model={row.model}
              bringing={setBringing(row.model.model_id, sets, isFetching)}
              open={open === key}
              onOpen={() => setOpen(open === key ? undefined : key)}
              onRemove={() => setRemoving(key)}
            />
            {extras(row.model, key)}
          </>
        )
      }}
    </VirtualTable>
  )
}

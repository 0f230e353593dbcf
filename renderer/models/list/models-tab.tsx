import { Button, SegmentedControl, Switch, TextInput } from '@mantine/core'
import { IconFolders, IconSearch, IconUpload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useSettings } from '../../client/settings-context.tsx'
import { useOperation } from '../../client/use-operation.ts'
import { Busy } from '../../ui/busy.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatBytes } from '../../ui/format.ts'
import { ImportDialog } from './import-dialog.tsx'
import { ModelTable } from './model-table.tsx'
import { modelRows, noFilter, offeredSets, type ModelFilter } from './model-rows.ts'
import { SetsOffer } from './sets-offer.tsx'
import { SourcesDialog } from './sources-dialog.tsx'
import shared from '../models.module.css'

const KINDS: readonly Readonly<{ value: ModelFilter['kind']; label: string }>[] = [
  { value: 'all', label: 'All' },
  { value: 'stt', label: 'STT' },
  { value: 'llm', label: 'LLM' },
  { value: 'tts', label: 'TTS' },
]

type Props = Readonly<{ importing: boolean; onImport: (open: boolean) => void; onKeys: () => void }>

/** What can run on this machine: the list, what is here, and the user’s own. */
export function ModelsTab({ importing, onImport, onKeys }: Props) {
  const { value, error, reload } = useOperation('model.list', {}, ['model.changed'])
  const { value: secrets } = useOperation('secret.list', {}, ['secret.changed'])
  const [filter, setFilter] = useState(noFilter)
  const [sources, setSources] = useState(false)
  const { settings } = useSettings()
  const rows = useMemo(() => modelRows(value?.models ?? [], filter), [value, filter])
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (!value) return <Busy label="Loading the models" />
  const { models, sets, free_disk_bytes, memory_bytes } = value
  const fresh = !models.some(({ installed }) => installed) && secrets?.secrets.length === 0
  return (
    <>
      <SetsOffer sets={offeredSets(models, sets)} fresh={fresh} onKeys={onKeys} />
      <div className={shared.tools}>
        <TextInput
          className={shared.search ?? ''}
          aria-label="Find models"
          placeholder="Name, language, licence"
          leftSection={<IconSearch size={14} />}
          value={filter.query}
          onChange={({ currentTarget: { value: query } }) => setFilter({ ...filter, query })}
        />
        <SegmentedControl
          aria-label="Kind of model"
          value={filter.kind}
          data={[...KINDS]}
          onChange={(chosen) => setFilter({ ...filter, kind: KINDS.find((one) => one.value === chosen)?.value ?? 'all' })}
        />
        <Switch
          label="Only what is here"
          checked={filter.here}
          onChange={({ currentTarget: { checked: here } }) => setFilter({ ...filter, here })}
        />
        <span className={shared.end}>
          <Button leftSection={<IconUpload size={14} />} onClick={() => onImport(true)}>
            Import your own…
          </Button>
          <Button leftSection={<IconFolders size={14} />} onClick={() => setSources(true)}>
            Other sources{settings.model_sources.length > 0 ? ` · ${settings.model_sources.length}` : ''}…
          </Button>
        </span>
      </div>
      <div className={shared.fill}>
        {rows.length > 0 ? (
          <ModelTable rows={rows} sets={sets} />
        ) : (
          <p className={shared.nothing}>
            {models.length === 0
              ? 'No models are listed.'
              : filter.here && filter.query === ''
                ? 'No model is on this machine yet. Get one of the list, or import your own.'
                : 'No model is like that. Names, languages, licences and sources are searched.'}
          </p>
        )}
      </div>
      <p className={shared.foot}>
        {formatBytes(free_disk_bytes)} free for models in <code className="mono">{sets[0]?.folder}</code> · this machine has{' '}
        {formatBytes(memory_bytes)} of memory
      </p>
      {importing && <ImportDialog onClose={() => onImport(false)} />}
      {sources && <SourcesDialog onClose={() => setSources(false)} />}
    </>
  )
}

import { Autocomplete, Select, Switch, TextInput } from '@mantine/core'
import type { Provider, ProviderKind, ProviderOption } from '../../../core/providers/index.ts'
import { useOperation } from '../../client/use-operation.ts'
import { textAt, valueAt } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { KeyField } from './key-field.tsx'
import { BLOCKS, parseOption } from './provider-block.ts'
import classes from './voice.module.css'

type Props = Readonly<{ kind: ProviderKind; provider: Provider }>

/** A provider's options as its entry in the catalogue describes them. */
export function OptionForm({ kind, provider }: Props) {
  const usual = provider.options.filter(({ advanced }) => !advanced)
  const advanced = provider.options.filter((option) => option.advanced)
  const inputs = (options: readonly ProviderOption[]) =>
    options.map((option) => <OptionInput key={option.key} kind={kind} provider={provider} option={option} />)
  return (
    <>
      <div className={classes.form}>{inputs(usual)}</div>
      {advanced.length > 0 && (
        <details className={classes.advanced}>
          <summary>More options</summary>
          <div className={classes.form}>{inputs(advanced)}</div>
        </details>
      )}
    </>
  )
}

function OptionInput({ kind, provider, option }: Props & { option: ProviderOption }) {
  const { content, set, read_only, findingsAt } = useWorkspace()
  const path = [BLOCKS[kind], option.key] as const
  const pointer = `/${path.join('/')}`
  const value = valueAt(content, path)
  const models = useModels(kind, provider, option)
  const common = {
    label: option.label,
    description:
      (option.type === 'model' && provider.models.find(({ id }) => id === (showValue(value) || option.default))?.help) ||
      option.help,
    readOnly: read_only,
    error: errorText(findingsAt(pointer)),
    'data-pointer': pointer,
  }
  const write = (text: string) => set(path, parseOption(option, text))
  switch (option.type) {
    case 'text':
    case 'url':
      return (
        <TextInput
          {...common}
          placeholder={option.default ?? option.placeholder ?? ''}
          value={showValue(value)}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )
    case 'int':
    case 'float':
      return (
        <TextInput
          {...common}
          inputMode="decimal"
          placeholder={option.default === undefined ? `${option.min} … ${option.max}` : `${option.default}`}
          rightSection={option.unit ? <span className={classes.hint}>{option.unit}</span> : null}
          rightSectionWidth={option.unit ? 54 : 0}
          value={showValue(value)}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )
    case 'bool':
      return (
        <Switch
          label={option.label}
          description={option.help}
          disabled={read_only}
          checked={value === undefined ? (option.default ?? false) : value === true}
          onChange={(event) => set(path, event.currentTarget.checked)}
        />
      )
    case 'secret':
      return <KeyField {...common} kind={kind} placeholder={option.default ?? ''} value={showValue(value)} onReference={write} />
    case 'model':
      return option.any ? (
        <Autocomplete {...common} placeholder={option.default ?? ''} data={models} value={showValue(value)} onChange={write} />
      ) : (
        <Select
          {...common}
          data={withPresent(models, showValue(value))}
          value={showValue(value) || (option.default ?? null)}
          onChange={(next) => write(next ?? '')}
        />
      )
    case 'choice':
      return option.any ? (
        <Autocomplete
          {...common}
          placeholder={option.default ?? ''}
          data={option.choices.map((one) => one.value)}
          value={showValue(value)}
          onChange={write}
        />
      ) : (
        <Select
          {...common}
          data={withPresent(
            option.choices.map((one) => ({ value: one.value, label: one.label })),
            showValue(value),
          )}
          value={showValue(value) || (option.default ?? null)}
          onChange={(next) => write(next ?? '')}
        />
      )
  }
}

type Item = Readonly<{ value: string; label: string }>

/** A value that the catalogue does not know stays visible. */
const withPresent = (items: readonly Item[], value: string): Item[] =>
  value === '' || items.some((item) => item.value === value) ? [...items] : [...items, { value, label: value }]

/** The catalogue's models, and before them those of the local server that the agent uses. */
function useModels(kind: ProviderKind, provider: Provider, option: ProviderOption): Item[] {
  const { content } = useWorkspace()
  const base_url = textAt(content, [BLOCKS[kind], 'base_url'])
  const { value } = useOperation('model.find_servers', option.type === 'model' && base_url ? {} : undefined)
  const local = value?.servers.find((server) => server.base_url === base_url)?.models
  if (local) return local.map((name) => ({ value: name, label: name }))
  return provider.models.map(({ id, label }) => ({ value: id, label }))
}

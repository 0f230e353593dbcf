import { Autocomplete, Select, Switch, TextInput } from '@mantine/core'
import type { Provider, ProviderOption } from '../../../core/providers/index.ts'
import { valueAt } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { withAddress } from './known-keys.ts'
import { KeyField } from './key-field.tsx'
import { voiceChoices } from './model-choices.ts'
import { ModelPicker } from './model-picker.tsx'
import { parseOption } from './provider-block.ts'
import { modelAt, slotPath, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './voice.module.css'

type Props = Readonly<{ slot: Slot; provider: Provider }>

/** References are rarely typed: the line of the key's state offers what is usual. */
const isRare = (option: ProviderOption): boolean => option.advanced === true || option.type === 'secret'

/** A provider's options as its entry in the catalogue describes them. */
export function OptionForm({ slot, provider }: Props) {
  const { findingsAt } = useWorkspace()
  const usual = provider.options.filter((option) => !isRare(option))
  const rare = provider.options.filter(isRare)
  const wrong = rare.some(({ key }) => errorText(findingsAt(`/${[...slotPath(slot), key].join('/')}`)) !== undefined)
  const inputs = (options: readonly ProviderOption[]) =>
    options.map((option) => <OptionInput key={option.key} slot={slot} provider={provider} option={option} />)
  return (
    <>
      {usual.length > 0 && <div className={classes.form}>{inputs(usual)}</div>}
      {rare.length > 0 && (
        <details className={classes.advanced} {...(wrong ? { open: true } : {})}>
          <summary>More options</summary>
          <div className={classes.form}>{inputs(rare)}</div>
        </details>
      )}
    </>
  )
}

function OptionInput({ slot, provider, option }: Props & { option: ProviderOption }) {
  const { content, set, change, read_only, findingsAt } = useWorkspace()
  const { secrets } = useVoiceFacts()
  const path = [...slotPath(slot), option.key]
  const pointer = `/${path.join('/')}`
  const value = valueAt(content, path)
  const text = showValue(value)
  const common = {
    label: option.label,
    description: option.help,
    readOnly: read_only,
    error: errorText(findingsAt(pointer)),
    'data-pointer': pointer,
  }
  const write = (next: string) =>
    option.key === 'base_url'
      ? change((now) => withAddress(now, slot, next === '' ? undefined : next, secrets))
      : set(path, parseOption(option, next))
  switch (option.type) {
    case 'text':
    case 'url':
      return (
        <TextInput
          {...common}
          placeholder={option.default ?? option.placeholder ?? ''}
          value={text}
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
          value={text}
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
      return (
        <KeyField
          {...common}
          slot={slot}
          provider={provider}
          secretKey={option.key === 'api_secret' ? 'api_secret' : 'api_key'}
          placeholder={option.default ?? option.placeholder ?? ''}
          value={text}
          onReference={write}
        />
      )
    case 'model':
      return option.any || provider.needs.kind === 'models' ? (
        <ModelPicker
          {...common}
          slot={slot}
          provider={provider}
          placeholder={option.default ?? ''}
          value={text}
          onChange={write}
        />
      ) : (
        <Select
          {...common}
          description={provider.models.find(({ id }) => id === (text || option.default))?.help ?? option.help}
          data={withPresent(
            provider.models.map(({ id, label }) => ({ value: id, label })),
            text,
          )}
          value={text || (option.default ?? null)}
          onChange={(next) => write(next ?? '')}
        />
      )
    case 'choice':
      return <ChoiceInput {...common} slot={slot} option={option} value={text} onChange={write} />
  }
}

type ChoiceProps = Readonly<{
  slot: Slot
  option: Extract<ProviderOption, { type: 'choice' }>
  label: string
  description: string
  readOnly: boolean
  error: string | undefined
  'data-pointer': string
  value: string
  onChange: (value: string) => void
}>

function ChoiceInput({ slot, option, value, onChange, ...input }: ChoiceProps) {
  const { content } = useWorkspace()
  const { models } = useVoiceFacts()
  const choices = option.key === 'voice_id' ? voiceChoices(option.choices, models, modelAt(content, slot)) : option.choices
  const chosen = choices.find((choice) => choice.value === (value || option.default))
  const named =
    chosen && chosen.label !== chosen.value && option.any ? [chosen.label, chosen.help].filter(Boolean).join(': ') : undefined
  const help = named ?? chosen?.help ?? input.description
  return option.any ? (
    <Autocomplete
      {...input}
      description={help}
      placeholder={value === '' ? (chosen?.label ?? option.default ?? '') : ''}
      data={choices.map((one) => one.value)}
      renderOption={({ option: { value: id } }) => choices.find((one) => one.value === id)?.label ?? id}
      value={value}
      onChange={onChange}
    />
  ) : (
    <Select
      {...input}
      description={help}
      data={withPresent(
        choices.map((one) => ({ value: one.value, label: one.label })),
        value,
      )}
      value={value || (option.default ?? null)}
      onChange={(next) => onChange(next ?? '')}
    />
  )
}

type Item = Readonly<{ value: string; label: string }>

/** A value that the catalogue does not know stays visible. */
const withPresent = (items: readonly Item[], value: string): Item[] =>
  value === '' || items.some((item) => item.value === value) ? [...items] : [...items, { value, label: value }]

import { Autocomplete } from '@mantine/core'
import { useState } from 'react'
import type { InputOf } from '../../../core/contract/index.ts'
import type { Provider } from '../../../core/providers/index.ts'
import { useOperation } from '../../client/use-operation.ts'
import { formatBytes } from '../../ui/format.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { HERE, modelChoices } from './model-choices.ts'
import { IN_MAIN } from './provider-picker.tsx'
import { keyNeeds } from './provider-state.ts'
import { blockAt, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './picker.module.css'

type Props = Readonly<{
  slot: Slot
  provider: Provider
  value: string
  onChange: (value: string) => void
  label: string
  description: string
  placeholder: string
  readOnly: boolean
  error: string | undefined
  'data-pointer': string
}>

/** Known names, what the provider itself lists once the list is opened, models of this machine; any other name may be typed. */
export function ModelPicker({ slot, provider, value, onChange, ...input }: Props) {
  const { models } = useVoiceFacts()
  const [opened, setOpened] = useState(false)
  const { listed, problem } = useListed(slot, provider, opened)
  const groups = modelChoices(provider, models, listed, formatBytes)
  const choices = groups.flatMap(({ items }) => items)
  const chosen = choices.find((choice) => choice.value === (value || input.placeholder))
  return (
    <Autocomplete
      {...input}
      placeholder={input.placeholder || (groups.find(({ group }) => group === HERE)?.items[0]?.value ?? '')}
      description={problem ?? (chosen?.help || input.description)}
      data={groups.map(({ group, items }) => ({ group, items: items.map((item) => item.value) }))}
      value={value}
      withScrollArea={false}
      classNames={{ options: classes.options ?? '' }}
      comboboxProps={{ width: 380, position: 'bottom-start', portalProps: IN_MAIN }}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onChange={onChange}
      filter={({ options, search }) => {
        // What stands in the field when the list is opened is no search.
        const query = search === value && chosen ? '' : search.toLowerCase().trim()
        return options.flatMap((option) => {
          if (!('group' in option)) return []
          const items = option.items.filter((item) => textOf(item.value).includes(query))
          return items.length > 0 ? [{ ...option, items }] : []
        })
      }}
      renderOption={({ option }) => {
        const choice = choices.find((one) => one.value === option.value)
        return (
          <div className={classes.option}>
            <span className={classes.optionName}>{choice?.label ?? option.value}</span>
            {choice && choice.help !== '' && <span className={classes.optionFacts}>{choice.help}</span>}
          </div>
        )
      }}
    />
  )

  function textOf(id: string) {
    const choice = choices.find((one) => one.value === id)
    return `${id} ${choice?.label ?? ''}`.toLowerCase()
  }
}

type ListQuery = InputOf<'provider.models'>

/** The provider's own list, asked for only when somebody opens it and it can be asked. */
function useListed(slot: Slot, provider: Provider, opened: boolean) {
  const { content } = useWorkspace()
  const { secrets } = useVoiceFacts()
  const block = blockAt(content, slot)
  const blocked = keyNeeds(provider, block, secrets).some(({ state }) => state === 'missing' || state === 'unknown')
  const asked: Record<string, string> = { provider: provider.id }
  for (const key of ['base_url', 'api_key', 'api_secret']) {
    const value = block[key]
    if (typeof value === 'string' && value !== '') asked[key] = value
  }
  const query: ListQuery | undefined =
    opened && provider.models_endpoint && !blocked ? { kind: slot.kind, block: asked } : undefined
  const { value, error } = useOperation('provider.models', query)
  return {
    listed: value?.models ?? [],
    problem: error ? `Its own list could not be read: ${error.message}` : undefined,
  }
}

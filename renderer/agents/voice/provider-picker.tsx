import { Select, type ComboboxItem, type ComboboxParsedItem, type OptionsFilter } from '@mantine/core'
import { findProvider, type Provider, type ProviderKind } from '../../../core/providers/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { bestCheckOf, verifiedWords } from '../../ui/check-words.ts'
import { priceDetail, priceText } from '../../ui/price.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { capabilityWords } from './capability-words.ts'
import { GROUP_NAMES, groupOf, groupProviders, matchesSearch } from './provider-groups.ts'
import { listOf, switchProvider } from './provider-block.ts'
import { priceOf } from './provider-state.ts'
import { pointerOf, providerAt, providerName, slotName, usualModel, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import { lacksKey, withKnownKeys } from './known-keys.ts'
import classes from './picker.module.css'

/** A list that opens is part of the page's main part, as what opens it is. */
export const IN_MAIN = { target: 'main' } as const

/** All providers of a kind in three groups, found by typing a name, a model or what it does. */
export function ProviderPicker({ slot }: { slot: Slot }) {
  const { content, change, read_only, findingsAt } = useWorkspace()
  const { secrets } = useVoiceFacts()
  const { kind } = slot
  const name = providerName(content, slot)
  const known = providerAt(content, slot)
  const pointer = `${pointerOf(slot)}/provider`
  const groups = groupProviders(listOf(kind)).map(({ group, items }) => ({
    group: GROUP_NAMES[group],
    items: items.map(({ id, name: label }) => ({ value: id, label })),
  }))
  const strange = known ? [] : [{ group: 'In this agent', items: [{ value: name, label: `${name} (unknown)` }] }]
  return (
    <Select
      searchable
      w={240}
      aria-label={`Provider of ${slotName(slot)}`}
      data-pointer={pointer}
      readOnly={read_only}
      data={[...strange, ...groups]}
      value={known?.id ?? name}
      filter={filterFor(kind)}
      nothingFoundMessage="No provider is called that. Any server with a known protocol goes by “compatible”."
      error={errorText(findingsAt(pointer))}
      withScrollArea={false}
      classNames={{ options: classes.options ?? '' }}
      comboboxProps={{ width: 440, position: 'bottom-start', portalProps: IN_MAIN }}
      renderOption={({ option }) => <Option kind={kind} id={option.value} label={option.label} />}
      onFocus={({ currentTarget }) => currentTarget.select()}
      // Opened again while it has the focus, it is searched anew too.
      onClick={({ currentTarget }) => currentTarget.select()}
      onChange={(next) => {
        if (next === null || next === known?.id) return
        change((now) => withKnownKeys(switchProvider(now, slot, next), slot, secrets))
      }}
    />
  )
}

const filterFor =
  (kind: ProviderKind): OptionsFilter =>
  ({ options, search }) => {
    const fits = ({ value }: ComboboxItem) => {
      const provider = findProvider(kind, value)
      return provider ? matchesSearch(provider, search) : true
    }
    return options.flatMap((option): ComboboxParsedItem[] => {
      if (!('group' in option)) return fits(option) ? [option] : []
      const items = option.items.filter(fits)
      return items.length > 0 ? [{ ...option, items }] : []
    })
  }

function Option({ kind, id, label }: { kind: ProviderKind; id: string; label: string }) {
  const { checks, prices, secrets, models } = useVoiceFacts()
  const provider: Provider | undefined = findProvider(kind, id)
  if (!provider) return <span>{label}</span>
  const verified = verifiedWords(provider, bestCheckOf(checks, provider))
  // What another server asks for is not known from the catalogue.
  const price = groupOf(provider) === 'server' ? undefined : priceOf(prices, provider, usualModel(provider))
  const unfetched =
    provider.needs.kind === 'models' && models.length > 0 && !models.some((model) => model.kind === kind && model.installed)
  const missing = groupOf(provider) !== 'server' && lacksKey(provider, secrets)
  return (
    <div className={classes.option}>
      <span className={classes.optionName}>{label}</span>
      <span className={classes.optionState}>
        {missing && <span className={classes.faint}>no key</span>}
        {unfetched && <span className={classes.faint}>not fetched yet</span>}
        {verified && <Badge tone={verified.tone}>{verified.label}</Badge>}
      </span>
      <span className={classes.optionFacts}>
        {capabilityWords(provider).join(' · ')}
        {price && <span title={priceDetail(price)}> · {priceText(price)}</span>}
      </span>
    </div>
  )
}

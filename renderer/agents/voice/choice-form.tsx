import { Button } from '@mantine/core'
import { isLoopback, type Provider } from '../../../core/providers/index.ts'
import { navigate } from '../../client/route.ts'
import { Badge } from '../../ui/badge.tsx'
import { verifiedWords } from '../../ui/check-words.ts'
import { formatBytes } from '../../ui/format.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { capabilityWords } from './capability-words.ts'
import { KeyStates } from './key-state.tsx'
import { ModelNotes } from './model-notes.tsx'
import { OptionForm } from './option-form.tsx'
import { checkOf } from './provider-state.ts'
import { blockAt, modelAt, providerAt, providerName, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './voice.module.css'

/** All about one chosen provider, whether it is the first choice or a later one. */
export function ChoiceForm({ slot }: { slot: Slot }) {
  const { content } = useWorkspace()
  const provider = providerAt(content, slot)
  if (!provider)
    return (
      <p className={classes.text}>
        This build has no provider “{providerName(content, slot)}”. The agent keeps it as it stands; calls here need one from the
        list above.
      </p>
    )
  return (
    <>
      <p className={classes.text}>{provider.description}</p>
      <Facts slot={slot} provider={provider} />
      {provider.needs.kind === 'models' && <LocalState slot={slot} set_id={provider.needs.set_id} />}
      <KeyStates slot={slot} provider={provider} />
      <OptionForm slot={slot} provider={provider} />
      <ModelNotes slot={slot} provider={provider} />
    </>
  )
}

function Facts({ slot, provider }: { slot: Slot; provider: Provider }) {
  const { content } = useWorkspace()
  const { checks } = useVoiceFacts()
  const model = modelAt(content, slot)
  const base_url = blockAt(content, slot)['base_url']
  const check = checkOf(checks, provider, model, typeof base_url === 'string' ? base_url : undefined)
  const verified = verifiedWords(provider, check)
  const place = placeOf(provider, typeof base_url === 'string' && base_url !== '' ? base_url : provider.base_url)
  return (
    <div className={classes.facts}>
      {verified && <Badge tone={verified.tone}>{verified.label}</Badge>}
      <Badge tone={provider.is_ai ? 'info' : 'plain'}>{provider.is_ai ? 'AI model' : 'no AI'}</Badge>
      <Badge tone={place.tone}>{place.label}</Badge>
      {capabilityWords(
        provider,
        provider.models.find(({ id }) => id === model),
      ).map((word) => (
        <Badge key={word}>{word}</Badge>
      ))}
      <a className={classes.link} href={provider.documentation} target="_blank" rel="noreferrer">
        Documentation
      </a>
    </div>
  )
}

/** Where what is said goes. */
function placeOf({ network }: Provider, address: string | undefined) {
  if (network === 'never') return { tone: 'good', label: 'offline' } as const
  return isLoopback(address ?? '')
    ? ({ tone: 'good', label: 'stays on this machine' } as const)
    : ({ tone: 'warn', label: 'sends to its address' } as const)
}

/** Whether the chosen model is on this machine; until it is, something else answers, and the call says so. */
function LocalState({ slot, set_id }: { slot: Slot; set_id: string }) {
  const { content } = useWorkspace()
  const { models, sets } = useVoiceFacts()
  const id = modelAt(content, slot)
  const model = models.find((one) => one.kind === slot.kind && one.model_id === id)
  const set = sets.find((one) => one.set_id === set_id)
  if (!model && !set) return null
  const installed = model ? model.installed : (set?.installed ?? false)
  const bytes = model ? model.download_bytes : (set?.download_bytes ?? 0)
  return (
    <div className={classes.state}>
      <Badge tone={installed ? 'good' : 'warn'}>{installed ? 'on this machine' : 'not fetched yet'}</Badge>
      <span className={classes.hint}>
        {installed
          ? (model?.name ?? set?.folder)
          : `Until then a stand-in answers, and the call says so. ${formatBytes(bytes)} to download, once.`}
      </span>
      <Button onClick={() => navigate({ screen: 'models' })}>{installed ? 'Models…' : 'Get models…'}</Button>
    </div>
  )
}

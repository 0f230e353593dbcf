import { Button, Select } from '@mantine/core'
import { findProvider, listProviders, type Provider, type ProviderKind } from '../../../core/providers/index.ts'
import { navigate } from '../../client/route.ts'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatBytes } from '../../ui/format.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { KeyState } from './key-state.tsx'
import { OptionForm } from './option-form.tsx'
import { BLOCKS, providerOf, switchProvider } from './provider-block.ts'
import classes from './voice.module.css'

/** Typed by kind, so that the overloads of the catalogue fit. */
const LISTS: Readonly<Record<ProviderKind, readonly Provider[]>> = {
  stt: listProviders('stt'),
  llm: listProviders('llm'),
  tts: listProviders('tts'),
}

export function ProviderCard({ kind, title, hint }: { kind: ProviderKind; title: string; hint: string }) {
  const { content, change, read_only, findingsAt } = useWorkspace()
  const id = providerOf(content, kind)
  const provider = findProvider(kind, id)
  const known = LISTS[kind].map((one) => ({ value: one.id, label: one.name }))
  const pointer = `/${BLOCKS[kind]}`
  return (
    <section className={classes.card} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <span className={classes.hint}>{hint}</span>
        <Select
          w={220}
          aria-label={`Provider of ${title.toLowerCase()}`}
          data-pointer={`${pointer}/provider`}
          readOnly={read_only}
          data={provider ? known : [...known, { value: id, label: `${id} (unknown)` }]}
          value={id}
          error={errorText(findingsAt(`${pointer}/provider`))}
          onChange={(next) => next !== null && next !== id && change((now) => switchProvider(now, kind, next))}
        />
      </header>
      <div className={classes.body}>
        {provider ? (
          <>
            <p className={classes.text}>{provider.description}</p>
            <Facts provider={provider} />
            {provider.needs.kind === 'models' && <BuiltinState set_id={provider.needs.set_id} />}
            <OptionForm kind={kind} provider={provider} />
            {provider.needs.kind === 'secret' && <KeyState kind={kind} provider={provider} />}
          </>
        ) : (
          <p className={classes.text}>
            This build has no provider “{id}”. The agent keeps it as it stands; calls here need one from the list above.
          </p>
        )}
      </div>
    </section>
  )
}

const Facts = ({ provider }: { provider: Provider }) => (
  <div className={classes.facts}>
    <Badge tone={provider.is_ai ? 'info' : 'plain'}>{provider.is_ai ? 'AI model' : 'no AI'}</Badge>
    <Badge tone={provider.network === 'never' ? 'good' : 'warn'}>
      {provider.network === 'never' ? 'offline' : 'sends to its address'}
    </Badge>
    {capabilityWords(provider).map((word) => (
      <Badge key={word}>{word}</Badge>
    ))}
    <a className={classes.link} href={provider.documentation} target="_blank" rel="noreferrer">
      Documentation
    </a>
  </div>
)

function capabilityWords(provider: Provider): readonly string[] {
  const streaming = provider.capabilities.streaming ? ['streams'] : []
  switch (provider.kind) {
    case 'stt':
      return [
        ...streaming,
        ...(provider.capabilities.interim ? ['interim words'] : []),
        `languages: ${provider.capabilities.languages}`,
      ]
    case 'llm':
      return [...streaming, ...provider.capabilities.structured_output]
    case 'tts':
      return [...streaming, provider.capabilities.voice_style === 'none' ? 'no voice style' : 'follows voice style']
  }
}

/** Whether the built-in speech is on this machine; until it is, rehearsal and espeak-ng stand in, and the call says so. */
function BuiltinState({ set_id }: { set_id: string }) {
  const { value } = useOperation('model.list', {}, ['job.progress'])
  const set = value?.sets.find((one) => one.set_id === set_id)
  if (!set) return null
  if (set.installed)
    return (
      <div className={classes.state}>
        <Badge tone="good">on this machine</Badge> <span className={classes.hint}>{set.folder}</span>
      </div>
    )
  return (
    <div className={classes.state}>
      <Badge tone="warn">not fetched yet</Badge>
      <span className={classes.hint}>
        Until then a stand-in answers, and the call says so. {formatBytes(set.download_bytes)} to download, once.
      </span>
      <Button onClick={() => navigate({ screen: 'models' })}>Get speech models…</Button>
    </div>
  )
}

import { Button, Textarea, TextInput } from '@mantine/core'
import { IconBrain, IconEar, IconVolume } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { findProvider } from '../../../core/providers/index.ts'
import { useSettings } from '../../client/settings-context.tsx'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { answeringParts, neededSecrets, type AnsweringPart } from './answering-parts.ts'
import type { CallerDraft } from './caller-details.ts'
import { CallerSection } from './caller-section.tsx'
import { callVariables, type CallVariable } from './call-variables.ts'
import { OfflineOffer } from './offline-offer.tsx'
import { PlaceSection } from './place-section.tsx'
import type { CallPlace } from './use-call-place.ts'
import type { CallSetup } from './use-call-setup.ts'
import { ToolsSection } from './tools-section.tsx'
import { WhatIfMenu } from './what-if-menu.tsx'
import { usableWhatIf } from './what-if.ts'
import classes from './setup.module.css'

type Props = Readonly<{
  document: AgentDocument
  setup: CallSetup
  place: CallPlace
  caller: CallerDraft
  onCaller: (caller: CallerDraft) => void
  voice: boolean
  onOpenModels: () => void
}>

const REHEARSAL = findProvider('stt', 'rehearsal')?.name

/** Before a call: what will answer, what is missing, and what the call starts with. */
export function StartCard({ document, setup, place, caller, onCaller, voice, onOpenModels }: Props) {
  const { settings } = useSettings()
  const references = useMemo(() => neededSecrets(document), [document])
  const models = useOperation('model.list', {}, ['model.changed'])
  const secrets = useOperation('secret.list', references.length > 0 ? { references: [...references] } : undefined, [
    'secret.changed',
  ])
  const what_if = usableWhatIf(setup.what_if, voice)
  const parts = answeringParts(document, {
    models: models.value?.models,
    secrets: references.length > 0 ? secrets.value?.secrets : [],
    offline: settings.offline,
    what_if,
  })
  const scripted = voice && parts.some(({ kind, name, state }) => kind === 'stt' && (state === 'rehearsed' || name === REHEARSAL))
  return (
    <div className={classes.card} role="region" aria-label="Before the call" tabIndex={0}>
      <PlaceSection place={place} />
      <section>
        <div className={classes.titleRow}>
          <h2 className={classes.title}>What will answer</h2>
          <WhatIfMenu what_if={what_if} voice={voice} onChange={setup.setWhatIf} />
        </div>
        <ul className={classes.parts}>
          {parts.map((part) => (
            <Part key={part.kind} part={part} onOpenModels={onOpenModels} />
          ))}
        </ul>
      </section>
      <OfflineOffer parts={parts} sets={models.value?.sets ?? []} onInstalled={models.reload} onOpenModels={onOpenModels} />
      {document.llm_config.provider === 'rehearsal' && <LocalServers onOpenModels={onOpenModels} />}
      {place.connection && <CallerSection draft={caller} onChange={onCaller} />}
      <Variables variables={callVariables(document)} setup={setup} />
      <ToolsSection document={document} setup={setup} />
      {scripted && <Script setup={setup} />}
    </div>
  )
}

const ICON = { stt: IconEar, llm: IconBrain, tts: IconVolume } as const

function Part({ part, onOpenModels }: { part: AnsweringPart; onOpenModels: () => void }) {
  const Icon = ICON[part.kind]
  return (
    <li className={classes.part}>
      <Icon className={classes.partIcon} size={16} aria-hidden />
      <div>
        <span className={classes.does}>{part.does}</span> <strong>{part.name}</strong>{' '}
        {part.detail !== '' && <span className={classes.detail}>{part.detail}</span>}
        {part.note !== undefined && <div className={classes.note}>{part.note}</div>}
        {part.then.length > 0 && <div className={classes.note}>If it fails or stays silent: {part.then.join(', then ')}.</div>}
      </div>
      {part.state === 'missing' && (
        <Button size="compact-xs" onClick={onOpenModels}>
          Set up
        </Button>
      )}
      {part.state === 'substitute' && <Badge tone="warn">stand-in</Badge>}
      {part.state === 'rehearsed' && <Badge tone="style">what if</Badge>}
    </li>
  )
}

/** A language model that already runs on this machine is one click away. */
function LocalServers({ onOpenModels }: { onOpenModels: () => void }) {
  const found = useOperation('model.find_servers', {}).value?.servers ?? []
  if (found.length === 0) return null
  return (
    <div className={classes.models}>
      {found.map(({ name, base_url, models }) => (
        <p key={base_url} className={classes.modelsText}>
          <strong>{name} runs on this machine</strong>
          {models.length > 0 && <> with {models.slice(0, 3).join(', ')}</>}
          {models.length > 3 && <> and {models.length - 3} more</>}. It can think for this agent, without a key and offline.
        </p>
      ))}
      <Button onClick={onOpenModels}>Use it in Voice &amp; models</Button>
    </div>
  )
}

function Variables({ variables, setup }: { variables: readonly CallVariable[]; setup: CallSetup }) {
  if (variables.length === 0) return null
  return (
    <section>
      <h2 className={classes.title}>Values for this call</h2>
      <div className={classes.variables}>
        {variables.map(({ name, description, fallback, required }) => (
          <TextInput
            key={name}
            label={<span className="mono">{name}</span>}
            description={description || undefined}
            placeholder={fallback || (required ? 'no default' : 'has a default in the prompt')}
            value={setup.variables[name] ?? ''}
            onChange={(event) => setup.setVariable(name, event.currentTarget.value)}
          />
        ))}
      </div>
    </section>
  )
}

const Script = ({ setup }: { setup: CallSetup }) => (
  <section>
    <Textarea
      label="What rehearsal hears"
      description="One line for each time that you have spoken, in turn; whatever you really say, this counts as said."
      autosize
      minRows={3}
      maxRows={8}
      placeholder={'Hello, who am I talking to?\nI worked three years as a nurse, in Lahore.'}
      value={setup.script}
      onChange={(event) => setup.setScript(event.currentTarget.value)}
    />
  </section>
)

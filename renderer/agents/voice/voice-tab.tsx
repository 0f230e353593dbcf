import { focusPointer, useReveal } from '../workspace/reveal.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { GoOffline } from './go-offline.tsx'
import { LocalServers } from './local-servers.tsx'
import { ProviderCard } from './provider-card.tsx'
import { TurnCard } from './turn-card.tsx'
import { useReadVoiceFacts, VoiceFactsContext } from './voice-facts.ts'
import classes from './voice.module.css'

/** Who listens, who thinks, who speaks, and when it is whose turn. */
export function VoiceTab() {
  const { content } = useWorkspace()
  const facts = useReadVoiceFacts(content)
  useReveal(({ path }) => focusPointer(path))
  return (
    <VoiceFactsContext value={facts}>
      <div className={classes.tab}>
        <GoOffline />
        <LocalServers />
        <ProviderCard kind="llm" title="Language model" hint="Writes each turn." />
        <ProviderCard kind="stt" title="Speech to text" hint="Hears the caller." />
        <ProviderCard kind="tts" title="Text to speech" hint="Speaks each turn." />
        <TurnCard />
      </div>
    </VoiceFactsContext>
  )
}

import { Button } from '@mantine/core'
import { IconPlayerPlay, IconPlugConnected } from '@tabler/icons-react'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { providerAt, slotName, type Slot } from './slot.ts'
import type { RunningCheck } from './use-check.ts'

/** Of a voice, the check is a sentence to hear. */
export function CheckButton({ slot, check }: { slot: Slot; check: RunningCheck }) {
  const { content } = useWorkspace()
  const provider = providerAt(content, slot)
  const voice = slot.kind === 'tts'
  const isRunning = check.state.phase === 'running'
  return (
    <Button
      leftSection={voice ? <IconPlayerPlay size={14} /> : <IconPlugConnected size={14} />}
      disabled={!provider}
      // Not disabled while it runs: a keyboard would lose its place.
      aria-disabled={isRunning}
      aria-label={voice ? `Try this voice: ${slotName(slot)}` : `Check the ${slotName(slot)}`}
      title="Asks the provider for real: key, model, first answer"
      onClick={isRunning ? undefined : check.run}
    >
      {voice ? 'Try this voice' : 'Check'}
    </Button>
  )
}

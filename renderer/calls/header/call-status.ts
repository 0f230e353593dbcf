import type { AgentState } from '../../../core/contract/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import type { AudioState } from '../media/call-audio.ts'
import type { CallState } from '../session/call-controller.ts'

/** The one word above the call, and the colour of its dot. */
export type Status = Readonly<{ label: string; tone: 'idle' | 'wait' | 'listen' | 'think' | 'speak' | 'bad' }>

const AGENT: Readonly<Record<AgentState, Status>> = {
  initializing: { label: 'Initializing', tone: 'wait' },
  idle: { label: 'Idle', tone: 'idle' },
  listening: { label: 'Listening', tone: 'listen' },
  thinking: { label: 'Thinking', tone: 'think' },
  speaking: { label: 'Speaking', tone: 'speak' },
}

export function callStatus(phase: CallState['phase'], view: SessionView | undefined, audio: AudioState | undefined): Status {
  switch (phase) {
    case 'idle':
      return { label: 'No call', tone: 'idle' }
    case 'starting':
      return { label: 'Starting', tone: 'wait' }
    case 'stopping':
      return { label: 'Ending', tone: 'wait' }
    case 'ended':
      return { label: 'Ended', tone: 'idle' }
    case 'live': {
      if (audio?.link === 'reconnecting') return { label: 'Reconnecting', tone: 'bad' }
      return AGENT[view?.agent_state ?? 'initializing']
    }
  }
}

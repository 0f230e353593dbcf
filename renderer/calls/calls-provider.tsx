import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { SessionSummary } from '../../core/contract/index.ts'
import type { StudioClient } from '../client/studio-client.ts'
import { useStudio } from '../client/studio-context.tsx'
import { createCallController, type CallController } from './session/call-controller.ts'
import { useAudioChoice } from './session/use-audio-choice.ts'
import { windowCalls } from './session/window-calls.ts'

type LiveCalls = Readonly<{ all: () => Iterable<CallController>; of: (agent_id: string) => CallController }>

const CallsContext = createContext<LiveCalls | undefined>(undefined)

function createLiveCalls(studio: StudioClient): LiveCalls {
  const controllers = new Map<string, CallController>()
  return {
    all: () => controllers.values(),
    of: (agent_id) => {
      const known = controllers.get(agent_id)
      if (known) return known
      const created = createCallController({ studio, agent_id, origin: window.location.origin, carried: windowCalls })
      controllers.set(agent_id, created)
      return created
    },
  }
}

/**
 * Calls live here, above the workspaces, so that one goes on while another agent is looked at. After a reload, the calls whose sound
 * was in this window are taken up again; the session waits ten seconds for that.
 */
export function CallsProvider({ children }: { children: ReactNode }) {
  const studio = useStudio()
  const [calls] = useState(() => createLiveCalls(studio))
  const { microphone_id, speaker_id } = useAudioChoice()
  useEffect(
    () =>
      studio.onEvent((event) => {
        if (event.type === 'hello') for (const call of calls.all()) call.reconnected()
        if (event.type === 'session.changed') for (const call of calls.all()) call.changed(event.session)
      }),
    [studio, calls],
  )
  useEffect(() => {
    const takeUp = (session: SessionSummary) => {
      if (session.state === 'ended') windowCalls.remove(session.session_id)
      else calls.of(session.agent_id).attach(session, true, { microphone_id, speaker_id })
    }
    for (const session_id of windowCalls.read()) {
      studio.call('session.get', { session_id }).then(takeUp, () => windowCalls.remove(session_id))
    }
    // Once, when the page begins: the devices are those that were remembered then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [studio, calls])
  return <CallsContext value={calls}>{children}</CallsContext>
}

/** The call of an agent in this window; made when first asked for, and the same ever after. */
export function useCallOf(agent_id: string): CallController {
  const calls = useContext(CallsContext)
  if (!calls) throw new Error('useCallOf outside CallsProvider')
  return useMemo(() => calls.of(agent_id), [calls, agent_id])
}

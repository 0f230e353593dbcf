import { useEffect } from 'react'
import type { SessionSummary } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import type { LiveCalls } from './live-calls.ts'
import { useAudioChoice } from './use-audio-choice.ts'

/** After a reload, the calls whose sound was in this window are taken up again; the session waits ten seconds for that. */
export function useTakeUpCalls(calls: LiveCalls | undefined): void {
  const studio = useStudio()
  const { microphone_id, speaker_id } = useAudioChoice()
  useEffect(() => {
    if (!calls) return
    const takeUp = (session: SessionSummary) => {
      if (session.state === 'ended') calls.carried.remove(session.session_id)
      else calls.of(session.agent_id).attach(session, true, { microphone_id, speaker_id })
    }
    for (const session_id of calls.carried.read()) {
      studio.call('session.get', { session_id }).then(takeUp, () => calls.carried.remove(session_id))
    }
    // Once, when the page begins: the devices are those that were remembered then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [studio, calls])
}

import { useMemo } from 'react'
import type { SessionView } from '../../../core/session/session-view.ts'
import { spokenTextOf, type TurnDocuments } from '../session/use-turn-documents.ts'
import { transcriptLines, type TranscriptLine } from './transcript-lines.ts'

const KNOWS = { keep: 'It knows what was said.', clear: 'It begins anew.' } as const

/** The transcript of a call, with the agents that took part. */
export const useTranscript = (view: SessionView, documents: TurnDocuments): readonly TranscriptLine[] =>
  useMemo(() => {
    const switches = documents.switches.map(({ key, agent_id, revision, history, before }) => ({
      key,
      before,
      text: `${documents.nameOf(agent_id, revision)} goes on with the call. ${KNOWS[history]}`,
    }))
    return transcriptLines(view, spokenTextOf(documents), switches)
  }, [view, documents])

import type { DraftState } from '../agents/draft-store.ts'
import type { Connection } from '../client/studio-client.ts'

export type SaveState = Readonly<{ text: string; tone: 'plain' | 'warn' | 'bad' }>

/** Where the text of an open agent is, in few words. */
export function saveState({ draft, saving, error }: DraftState, connection: Connection): SaveState {
  if (!draft) return { text: '', tone: 'plain' }
  if (draft.read_only) return { text: 'Read-only', tone: 'warn' }
  if (draft.theirs) return { text: 'Changed in another window', tone: 'warn' }
  if (saving) return { text: 'Saving…', tone: 'plain' }
  if (draft.unsent && (error || connection !== 'online')) return { text: 'Not kept yet: no connection', tone: 'bad' }
  if (draft.problems.length > 0)
    return { text: `Not saved: ${draft.problems.length === 1 ? 'a problem' : `${draft.problems.length} problems`}`, tone: 'bad' }
  if (draft.unsent || draft.edit > 0) return { text: `Unsaved · kept beside revision ${draft.head.revision}`, tone: 'warn' }
  return { text: `Saved as revision ${draft.head.revision}`, tone: 'plain' }
}

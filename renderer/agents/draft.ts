import type { AgentDetail, AgentRevision, DocumentJson, Problem, WorkingCopy } from '../../core/contract/index.ts'

/** Somebody else's text of the same agent, while ours is not with the host yet. */
export type Theirs = Readonly<{ content: DocumentJson; based_on: number; edit: number }>

/** One open agent as it is being typed in this window. */
export type Draft = Readonly<{
  agent_id: string
  head: AgentRevision
  content: DocumentJson
  /** The revision that was head when the edit began. */
  based_on: number
  /** Number of the working copy that the host has from us; 0: none. */
  edit: number
  /** Typed here and not with the host yet. */
  unsent: boolean
  read_only: boolean
  theirs?: Theirs | undefined
  /** What stood in the way of the last save. */
  problems: readonly Problem[]
  /** Counts replacements of the text from outside, so that editors know when to take it over. */
  generation: number
}>

export const openDraft = (detail: AgentDetail): Draft => ({
  agent_id: detail.head.agent_id,
  head: detail.head,
  content: detail.working_copy?.content ?? detail.head.content,
  based_on: detail.working_copy?.based_on ?? detail.head.revision,
  edit: detail.working_copy?.edit ?? 0,
  unsent: false,
  read_only: detail.read_only,
  problems: [],
  generation: 0,
})

/** There is text that is no revision yet. */
export const isUnsaved = (draft: Draft): boolean => draft.edit > 0 || draft.unsent

export const typed = (draft: Draft, content: DocumentJson): Draft =>
  content === draft.content || draft.read_only ? draft : { ...draft, content, unsent: true }

/** The host has kept `sent`; what was typed since then is still to be sent. */
export const kept = (draft: Draft, sent: DocumentJson, copy: WorkingCopy): Draft => ({
  ...draft,
  edit: copy.edit,
  based_on: copy.based_on,
  unsent: draft.content !== sent,
})

/** Save made `revision` of `sent`. */
export const saved = (draft: Draft, sent: DocumentJson, revision: AgentRevision): Draft => ({
  ...draft,
  head: revision,
  based_on: revision.revision,
  edit: 0,
  unsent: draft.content !== sent,
  problems: [],
  theirs: undefined,
})

const sameJson = (a: DocumentJson, b: DocumentJson) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Takes over what the host says now. Without unsent text here it simply replaces ours; otherwise both are kept and the person decides.
 */
export function reconcile(draft: Draft, detail: AgentDetail): Draft {
  const now = openDraft(detail)
  if (draft.head.revision === now.head.revision && draft.edit === now.edit && draft.based_on === now.based_on) {
    return { ...draft, head: now.head, read_only: now.read_only, theirs: undefined }
  }
  if (sameJson(draft.content, now.content)) return { ...now, content: draft.content, generation: draft.generation }
  if (!draft.unsent) return { ...now, generation: draft.generation + 1 }
  if (isOnlyRenamed(draft, now)) {
    return { ...draft, head: now.head, based_on: now.based_on, content: { ...draft.content, ...nameOf(now.content) } }
  }
  return { ...draft, head: now.head, theirs: { content: now.content, based_on: now.based_on, edit: now.edit } }
}

/** A rename is a revision of its own, made beside the text: what is typed here simply goes on under the new name. */
const isOnlyRenamed = (draft: Draft, now: Draft): boolean =>
  draft.edit === 0 &&
  now.edit === 0 &&
  draft.content['name'] === draft.head.content['name'] &&
  sameJson({ ...draft.head.content, ...nameOf(now.content) }, now.content)

const nameOf = ({ name }: DocumentJson): DocumentJson => (name === undefined ? {} : { name })

export const takeTheirs = (draft: Draft): Draft =>
  draft.theirs
    ? { ...draft, ...draft.theirs, unsent: false, theirs: undefined, problems: [], generation: draft.generation + 1 }
    : draft

/** Ours goes over theirs with the next write, as of what they had. */
export const keepMine = (draft: Draft): Draft =>
  draft.theirs ? { ...draft, based_on: draft.head.revision, edit: draft.theirs.edit, unsent: true, theirs: undefined } : draft

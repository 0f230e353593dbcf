import { useEffect, useRef, useState } from 'react'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { useUiState, type UiValue } from '../../client/settings-context.tsx'
import { keptCaller, type CallerDraft } from './caller-details.ts'

const KEEP_AFTER_MS = 500
type Kept = { [key: string]: UiValue }
const isKept = (value: UiValue): value is Kept => isJsonObject(value)
const NOTHING: Kept = {}
const asJson = (kept: Kept): JsonObject => kept

/** Who calls this agent, kept from call to call. Mount it anew for another agent. */
export function useCallerDraft(agent_id: string): [CallerDraft, (draft: CallerDraft) => void] {
  const [kept, keep] = useUiState<Kept>(`call.caller.${agent_id}`, NOTHING, isKept)
  const [draft, setDraft] = useState(() => keptCaller(asJson(kept)))
  const first = useRef(true)
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    const timer = setTimeout(() => keep({ ...draft, attributes: draft.attributes.map((row) => ({ ...row })) }), KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [draft, keep])
  return [draft, setDraft]
}

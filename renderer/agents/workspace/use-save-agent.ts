import { useCallback } from 'react'
import { toStudioError } from '../../client/use-operation.ts'
import { navigate } from '../../client/route.ts'
import { toast, toastError } from '../../ui/toast.tsx'
import { useDraftStore } from '../agents-context.tsx'
import { isUnsaved } from '../draft.ts'
import { tabOf } from './finding-place.ts'
import { focusPointer } from './reveal.ts'

/** Saving as the person asked for it; true when head holds what is typed. Success is quiet, a refusal leads to the first place that is wrong. */
export function useSaveAgent(agent_id: string) {
  const draft = useDraftStore(agent_id)

  const save = useCallback(async (): Promise<boolean> => {
    const now = draft.store.getState().draft
    if (!now || now.read_only) return false
    if (now.theirs) {
      toast('Choose between theirs and yours first')
      return false
    }
    if (!isUnsaved(now)) return true
    try {
      await draft.save()
      return true
    } catch (cause) {
      const error = toStudioError(cause)
      const [first] = error.problems
      toastError(error)
      if (first) {
        navigate({ screen: 'agents', agent_id, tab: tabOf(first.path) }, 'replace')
        setTimeout(() => focusPointer(first.path), 60)
      }
      return false
    }
  }, [draft, agent_id])
  return { save }
}

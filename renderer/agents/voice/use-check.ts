import { useCallback, useEffect, useReducer, useRef } from 'react'
import { isCheckStep, type DocumentJson } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { valueAt } from '../document-edit.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { applyCheckEvent, noCheck, type CheckState } from './check-state.ts'
import { blockAt, providerName, type Slot } from './slot.ts'

export type RunningCheck = Readonly<{ state: CheckState; run: () => void; cancel: () => void }>

/** Asks the provider of a slot for real. Leaving it, or choosing another one, model, address or voice, puts the check away: it was about what stood there. */
export function useCheck(slot: Slot): RunningCheck {
  const studio = useStudio()
  const { content } = useWorkspace()
  const [state, tell] = useReducer(applyCheckEvent, noCheck)
  const running = useRef<AbortController>(undefined)
  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = undefined
    tell({ type: 'dropped' })
  }, [])
  const provider = providerName(content, slot)
  const { model, base_url, voice_id } = blockAt(content, slot)
  useEffect(() => cancel, [cancel, provider, model, base_url, voice_id])

  const run = async () => {
    cancel()
    const abort = new AbortController()
    running.current = abort
    const current = () => running.current === abort
    tell({ type: 'started' })
    try {
      const block = { ...blockAt(content, slot), provider }
      const { check, sample_wav } = await studio.call(
        'provider.check',
        { kind: slot.kind, block, ...fieldsOf(content) },
        {
          signal: abort.signal,
          onProgress: (progress) => current() && isCheckStep(progress) && tell({ type: 'step', step: progress }),
        },
      )
      if (current()) tell({ type: 'finished', check, sample_wav })
    } catch (cause) {
      const { code, message, hint, problems } = toStudioError(cause)
      if (current()) tell({ type: 'failed', error: { code, message, hint, problems: [...problems] } })
    }
  }
  return { state, run: () => void run(), cancel }
}

/** An answer has to follow this agent's own table. */
function fieldsOf(content: DocumentJson) {
  const fields = valueAt(content, ['schema_config', 'fields'])
  return Array.isArray(fields) && fields.length > 0 ? { fields } : {}
}

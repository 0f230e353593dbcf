import { useCallback, useEffect, useRef, useState } from 'react'
import type { JsonObject } from '../../../core/json.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { fromWire } from '../../client/wire.ts'
import type { InputOf } from '../../../core/contract/index.ts'
import type { ToolRow } from './tool-rows.ts'
import type { TryState } from './try-state.ts'

/** Runs the open tool for real. Leaving it ends what runs. */
export function useToolTry(tool: ToolRow['raw']) {
  const studio = useStudio()
  const [state, setState] = useState<TryState>({ phase: 'idle' })
  const running = useRef<AbortController>(undefined)
  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = undefined
    setState({ phase: 'idle' })
  }, [])
  useEffect(() => () => running.current?.abort(), [])

  const run = async (given: JsonObject, variables: JsonObject) => {
    running.current?.abort()
    const abort = new AbortController()
    running.current = abort
    const current = () => running.current === abort
    setState({ phase: 'running' })
    try {
      const input = fromWire<InputOf<'tool.try'>>({ tool, arguments: given, variables })
      const tried = await studio.call('tool.try', input, { signal: abort.signal })
      if (current()) setState({ phase: 'done', tried })
    } catch (cause) {
      const { code, message, hint, problems } = toStudioError(cause)
      if (current()) setState({ phase: 'refused', error: { code, message, hint, problems: [...problems] } })
    }
  }
  return { state, run, cancel }
}

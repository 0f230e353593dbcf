import { useCallback, useEffect, useRef, useState } from 'react'
import {
  isCheckStep,
  isModelProgress,
  type ConnectionCheck,
  type ConnectionStep,
  type JobProgress,
} from '../../core/contract/index.ts'
import type { StudioError } from '../../core/contract/studio-error.ts'
import { useStudio } from '../client/studio-context.tsx'
import { toStudioError } from '../client/use-operation.ts'

/** A test of a connection: its steps as they end, then the result. */
export type ConnectionTest = Readonly<{
  running: boolean
  steps: readonly ConnectionStep[]
  check?: ConnectionCheck
  error?: StudioError
}>

const isStep = (progress: JobProgress): progress is ConnectionStep => !isModelProgress(progress) && !isCheckStep(progress)

export type ConnectionTests = Readonly<{
  of: (connection_id: string) => ConnectionTest | undefined
  run: (connection_id: ConnectionIdInput) => void
  cancel: (connection_id: string) => void
  dismiss: (connection_id: string) => void
}>
type ConnectionIdInput = string

/** Tests outlive the row that shows them; leaving the screen cancels them. */
export function useConnectionTests(): ConnectionTests {
  const studio = useStudio()
  const [tests, setTests] = useState<Readonly<Record<string, ConnectionTest>>>({})
  const running = useRef(new Map<string, AbortController>())
  useEffect(() => {
    const all = running.current
    return () => all.forEach((abort) => abort.abort())
  }, [])

  const run = useCallback(
    (connection_id: string) => {
      if (running.current.has(connection_id)) return
      const abort = new AbortController()
      running.current.set(connection_id, abort)
      const change = (to: (before: ConnectionTest) => ConnectionTest) =>
        setTests((all) => ({ ...all, [connection_id]: to(all[connection_id] ?? { running: true, steps: [] }) }))
      change(() => ({ running: true, steps: [] }))
      studio
        .call(
          'connection.test',
          { connection_id },
          {
            signal: abort.signal,
            onProgress: (progress) => {
              if (isStep(progress)) change((before) => ({ ...before, steps: [...before.steps, progress] }))
            },
          },
        )
        .then(
          (check) => change(() => ({ running: false, steps: check.steps, check })),
          (cause: unknown) => change((before) => ({ ...before, running: false, error: toStudioError(cause) })),
        )
        .finally(() => running.current.delete(connection_id))
    },
    [studio],
  )
  return {
    of: (connection_id) => tests[connection_id],
    run,
    cancel: (connection_id) => running.current.get(connection_id)?.abort(),
    dismiss: (connection_id) => setTests(({ [connection_id]: _gone, ...others }) => others),
  }
}

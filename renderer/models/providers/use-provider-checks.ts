import { useCallback, useEffect, useRef, useState } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import type { Provider } from '../../../core/providers/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'

export type CheckRun = Readonly<{ running: boolean; error?: StudioError }>
const keyOf = ({ kind, id }: Provider) => `${kind} ${id}`

/** Checks of providers with their usual model; what they showed comes by `provider.checked`. Leaving the tab ends them. */
export function useProviderChecks() {
  const studio = useStudio()
  const [runs, setRuns] = useState<Readonly<Record<string, CheckRun>>>({})
  const aborts = useRef(new Map<string, AbortController>())
  useEffect(() => {
    const mine = aborts.current
    return () => mine.forEach((abort) => abort.abort())
  }, [])
  const check = useCallback(
    async (provider: Provider) => {
      const key = keyOf(provider)
      const abort = new AbortController()
      aborts.current.set(key, abort)
      setRuns((before) => ({ ...before, [key]: { running: true } }))
      const ended = await studio
        .call('provider.check', { kind: provider.kind, block: { provider: provider.id } }, { signal: abort.signal })
        .then(
          (): CheckRun => ({ running: false }),
          (cause: unknown): CheckRun => ({ running: false, error: toStudioError(cause) }),
        )
      setRuns((before) => ({ ...before, [key]: ended }))
    },
    [studio],
  )
  const cancel = useCallback((provider: Provider) => aborts.current.get(keyOf(provider))?.abort(), [])
  const runOf = (provider: Provider): CheckRun | undefined => runs[keyOf(provider)]
  return { runOf, check, cancel }
}

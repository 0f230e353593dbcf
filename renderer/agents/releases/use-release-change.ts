import { useState } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import type { InputOf } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { toast } from '../../ui/toast.tsx'

export type Change = (change: Omit<InputOf<'release.update'>, 'release_id'>, done: string) => Promise<boolean>

/** Changes a release; what was refused is told in its place. Resolves to whether it was done. */
export function useReleaseChange(
  release_id: string,
): Readonly<{ change: Change; busy: boolean; error: StudioError | undefined }> {
  const studio = useStudio()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<StudioError>()
  const change: Change = async (to, done) => {
    setBusy(true)
    setError(undefined)
    try {
      await studio.call('release.update', { release_id, ...to })
      toast(done)
      return true
    } catch (cause) {
      setError(toStudioError(cause))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { change, busy, error }
}

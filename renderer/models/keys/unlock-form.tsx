import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { toast } from '../../ui/toast.tsx'
import classes from '../models.module.css'

/** Opens the file of keys until the host ends. */
export function UnlockForm({ autoFocus = false }: { autoFocus?: boolean }) {
  const studio = useStudio()
  const [passphrase, setPassphrase] = useState('')
  const [error, setError] = useState<StudioError>()
  const [busy, setBusy] = useState(false)
  const unlock = async () => {
    setBusy(true)
    try {
      await studio.call('secret.unlock', { passphrase })
      setPassphrase('')
      toast('The keys are unlocked until Greenroom ends')
    } catch (cause) {
      setError(toStudioError(cause))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className={classes.unlock}
      aria-label="Unlock the keys"
      onSubmit={(event) => {
        event.preventDefault()
        void unlock()
      }}
    >
      <PasswordInput
        w={260}
        aria-label="Passphrase of the keys"
        placeholder="Passphrase"
        autoComplete="off"
        autoFocus={autoFocus}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
        error={error && `${error.message}. ${error.hint}`}
        value={passphrase}
        onChange={(event) => {
          setPassphrase(event.currentTarget.value)
          setError(undefined)
        }}
      />
      <Button type="submit" disabled={passphrase === ''} loading={busy}>
        Unlock
      </Button>
    </form>
  )
}

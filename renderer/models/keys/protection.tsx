import { Button, PasswordInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { OutputOf } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { UnlockForm } from './unlock-form.tsx'
import classes from '../models.module.css'

type Listed = OutputOf<'secret.list'>

/** How well the keys are kept, and what makes it better. */
export function Protection({ protection, warning }: Pick<Listed, 'protection' | 'warning'>) {
  const [setting, setSetting] = useState(false)
  const close = () => setSetting(false)
  switch (protection) {
    case 'keychain':
      return (
        <Line badge={<Badge tone="good">keychain</Badge>}>
          Keys are in this machine’s keychain, which your login opens. Agents hold references only.
        </Line>
      )
    case 'locked':
      return (
        <Line badge={<Badge tone="warn">locked</Badge>}>
          The file of keys wants its passphrase before a call, or anything else here, can use one.
          <UnlockForm autoFocus />
        </Line>
      )
    case 'passphrase_file':
      return (
        <Line badge={<Badge tone="good">passphrase</Badge>}>
          Keys are in a file that is encrypted with a passphrase. Agents hold references only.
          {setting ? <PassphraseForm again onDone={close} /> : <Button onClick={() => setSetting(true)}>Change it…</Button>}
        </Line>
      )
    case 'encrypted_file':
      return (
        <div className={classes.warning} role="note">
          {warning ?? 'Keys are in an encrypted file.'}{' '}
          {setting ? (
            <PassphraseForm again={false} onDone={close} />
          ) : (
            <Button onClick={() => setSetting(true)}>Set a passphrase…</Button>
          )}
        </div>
      )
  }
}

const Line = ({ badge, children }: { badge: ReactNode; children: ReactNode }) => (
  <div className={classes.protection}>
    {badge}
    {children}
  </div>
)

const SHORTEST = 8

/** `again`: there is one already, which can be taken off too. */
function PassphraseForm({ again, onDone }: { again: boolean; onDone: () => void }) {
  const studio = useStudio()
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [error, setError] = useState<StudioError>()
  const differs = second !== '' && first !== second
  const protect = async (passphrase: string, done: string) => {
    try {
      await studio.call('secret.protect', { passphrase })
      toast(done)
      onDone()
    } catch (cause) {
      setError(toStudioError(cause))
    }
  }
  return (
    <form
      className={classes.form}
      aria-label="Passphrase of the keys"
      onSubmit={(event) => {
        event.preventDefault()
        if (first === second) void protect(first, 'Set. It is asked for at each start; nobody can bring it back')
      }}
    >
      <PasswordInput
        w={220}
        label="Passphrase"
        description={`At least ${SHORTEST} characters; it cannot be brought back`}
        autoComplete="new-password"
        autoFocus
        visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
        value={first}
        onChange={(event) => setFirst(event.currentTarget.value)}
      />
      <PasswordInput
        w={220}
        label="Once more"
        description={differs ? 'Not the same yet' : 'So that a slip is noticed'}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the repeated passphrase' }}
        error={differs}
        value={second}
        onChange={(event) => setSecond(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" disabled={first.length < SHORTEST || first !== second}>
        Set the passphrase
      </Button>
      {again && (
        <Button onClick={() => void protect('', 'Taken off: the keys are protected less now').catch(toastError)}>
          Take it off
        </Button>
      )}
      <Button onClick={onDone}>Cancel</Button>
      {error && <ErrorNote error={error} />}
    </form>
  )
}

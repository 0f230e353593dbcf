import { Autocomplete, Button, PasswordInput } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import { SecretName } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { keyChoices, openedBy } from './key-facts.ts'
import classes from '../models.module.css'

type Props = Readonly<{ disabled: boolean; wanted: string; /** Other ways, at the end of the line. */ children: ReactNode }>

/** A key is chosen by its provider, or given any name. Its value is written here and never shown again, to nobody. */
export function AddKey({ disabled, wanted, children }: Props) {
  const studio = useStudio()
  const choices = useMemo(keyChoices, [])
  const [typed, setTyped] = useState(() => choices.find(({ value }) => value === wanted)?.label ?? wanted)
  const [key, setKey] = useState('')
  const [error, setError] = useState<StudioError>()
  const chosen = choices.find(({ label }) => label === typed)
  const name = chosen?.value ?? typed.trim()
  const valid = SecretName.safeParse(name).success
  const opens = valid ? openedBy(`secret:${name}`) : []

  const store = async () => {
    try {
      await studio.call('secret.set', { name: SecretName.parse(name), value: key.trim() })
      setTyped('')
      setKey('')
      setError(undefined)
      toast(opens.length > 0 ? `Stored: it opens ${opens.join(', ')}` : `Stored. Agents refer to it as secret:${name}`)
    } catch (cause) {
      setError(toStudioError(cause))
    }
  }
  return (
    <>
      <form
        className={classes.form}
        aria-label="Add a key"
        onSubmit={(event) => {
          event.preventDefault()
          if (valid) void store()
        }}
      >
        <Autocomplete
          w={300}
          label="Key for"
          placeholder="A provider, or a name of your own"
          autoComplete="off"
          limit={60}
          data={choices.map(({ label }) => label)}
          disabled={disabled}
          error={typed !== '' && !valid && 'Letters, digits, ".", "_" and "-", at most 64'}
          value={typed}
          onChange={setTyped}
        />
        <PasswordInput
          w={280}
          label="Key"
          autoComplete="off"
          autoFocus={wanted !== ''}
          disabled={disabled}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Button type="submit" variant="filled" disabled={disabled || !valid || key.trim() === ''}>
          Store the key
        </Button>
        <span className={classes.end}>{children}</span>
        {valid && (
          <span className={classes.under}>
            {opens.length > 0
              ? `Opens ${opens.join(', ')} in every agent that names no other key`
              : `Agents refer to it as secret:${name}`}
          </span>
        )}
      </form>
      {error && <ErrorNote error={error} />}
    </>
  )
}

import { ActionIcon, Button, PasswordInput, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { SecretName, type SecretState } from '../../core/contract/index.ts'
import type { StudioError } from '../../core/contract/errors.ts'
import { OPENAI_KEY } from '../../core/providers/index.ts'
import { useStudio } from '../client/studio-context.tsx'
import { toStudioError, useOperation } from '../client/use-operation.ts'
import { Badge } from '../ui/badge.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { formatMoment } from '../ui/format.ts'
import { toast, toastError } from '../ui/toast.tsx'
import classes from './models.module.css'

const PLACES: Readonly<Record<SecretState['kept_in'], string>> = {
  keychain: 'keychain',
  encrypted_file: 'encrypted file',
  environment: 'environment',
  nowhere: 'not there',
}

/** Keys by name. Their values are written here and never shown again, to nobody. */
export function Keys() {
  const { value, error, reload } = useOperation('secret.list', { references: [OPENAI_KEY] })
  return (
    <section className={classes.card} aria-label="Keys">
      <header className={classes.head}>
        <h2 className={classes.heading}>Keys</h2>
        <span className={classes.hint}>
          Agents hold references only. Keys are kept{' '}
          {value?.protection === 'keychain' ? 'in this machine’s keychain' : 'in an encrypted file'}.
        </span>
      </header>
      <div className={classes.body}>
        {error && <ErrorNote error={error} onRetry={reload} />}
        {value?.warning && <p className={classes.warning}>{value.warning}</p>}
        {value && value.secrets.length > 0 && (
          <table className={classes.table}>
            <thead>
              <tr>
                <th>Reference</th>
                <th>Kept in</th>
                <th>Since</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {value.secrets.map((secret) => (
                <KeyRow key={secret.reference} secret={secret} onChanged={reload} />
              ))}
            </tbody>
          </table>
        )}
        <AddKey onChanged={reload} />
      </div>
    </section>
  )
}

function KeyRow({ secret, onChanged }: { secret: SecretState; onChanged: () => void }) {
  const studio = useStudio()
  const [sure, setSure] = useState(false)
  const name = secret.reference.startsWith('secret:')
    ? SecretName.safeParse(secret.reference.slice('secret:'.length)).data
    : undefined
  const remove = async () => {
    if (name === undefined) return
    await studio.call('secret.delete', { name })
    toast(`${secret.reference} is forgotten`)
    onChanged()
  }
  return (
    <tr>
      <td className="mono">{secret.reference}</td>
      <td>
        <Badge tone={secret.present ? 'good' : 'plain'}>{PLACES[secret.kept_in]}</Badge>
      </td>
      <td>{secret.updated_at === undefined ? '' : formatMoment(secret.updated_at)}</td>
      <td>
        {name !== undefined &&
          secret.present &&
          (sure ? (
            <span className={classes.row}>
              A forgotten key cannot be brought back.
              <Button onClick={() => void remove().catch(toastError)}>Forget it</Button>
              <Button onClick={() => setSure(false)}>Keep it</Button>
            </span>
          ) : (
            <ActionIcon size="sm" aria-label={`Forget ${secret.reference}`} onClick={() => setSure(true)}>
              <IconTrash size={14} />
            </ActionIcon>
          ))}
      </td>
    </tr>
  )
}

function AddKey({ onChanged }: { onChanged: () => void }) {
  const studio = useStudio()
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const [error, setError] = useState<StudioError>()
  const store = async () => {
    try {
      await studio.call('secret.set', { name: name.trim(), value: key.trim() })
      setName('')
      setKey('')
      setError(undefined)
      toast(`Stored. Agents refer to it as secret:${name.trim()}`)
      onChanged()
    } catch (cause) {
      setError(toStudioError(cause))
    }
  }
  return (
    <>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          void store()
        }}
      >
        <TextInput
          label="Name"
          placeholder="openai"
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          w={320}
          label="Key"
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Button type="submit" variant="filled" disabled={name.trim() === '' || key.trim() === ''}>
          Store the key
        </Button>
      </form>
      {error && <ErrorNote error={error} />}
    </>
  )
}

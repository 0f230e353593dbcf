import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { needsSecret, type Provider, type ProviderKind } from '../../../core/providers/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { textAt } from '../document-edit.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { secretNameFor } from './looks-like-key.ts'
import { BLOCKS, keyReference } from './provider-block.ts'
import classes from './voice.module.css'

const PLACES = {
  keychain: 'in the keychain',
  encrypted_file: 'in an encrypted file',
  environment: 'in the environment',
  nowhere: 'nowhere',
} as const

/** Whether the key that a call would use is there; where it is not, it can be pasted. The page never sees its value again. */
export function KeyState({ kind, provider }: { kind: ProviderKind; provider: Provider }) {
  const studio = useStudio()
  const { content, set, read_only } = useWorkspace()
  const base_url = textAt(content, [BLOCKS[kind], 'base_url']) || undefined
  const reference = keyReference(content, kind, provider) ?? ''
  const { value, reload } = useOperation('secret.list', reference ? { references: [reference] } : undefined)
  const [pasting, setPasting] = useState(false)
  const [key, setKey] = useState('')
  const state = value?.secrets.find((secret) => secret.reference === reference)
  const needed = needsSecret(kind, provider.id, base_url)
  const name = secretNameFor(base_url)

  const store = async () => {
    await studio.call('secret.set', { name, value: key.trim() })
    setKey('')
    setPasting(false)
    set([BLOCKS[kind], 'api_key'], `secret:${name}`)
    reload()
    toast(`The key is stored as secret:${name}`)
  }
  return (
    <>
      <div className={classes.state}>
        {!needed && !state?.present ? (
          <>
            <Badge tone="good">no key needed</Badge>
            <span className={classes.hint}>The server is on this machine or in its network.</span>
          </>
        ) : state?.present ? (
          <>
            <Badge tone="good">key found</Badge>
            <span className={classes.hint}>
              <code className="mono">{reference}</code> is {PLACES[state.kept_in]}
            </span>
          </>
        ) : (
          <>
            <Badge tone="bad">key missing</Badge>
            <span className={classes.hint}>
              <code className="mono">{reference}</code> is not there. Calls will be refused.
            </span>
          </>
        )}
        {!pasting && !read_only && (
          <Button onClick={() => setPasting(true)}>{state?.present ? 'Another key…' : 'Paste a key…'}</Button>
        )}
      </div>
      {pasting && (
        <form
          className={classes.paste}
          onSubmit={(event) => {
            event.preventDefault()
            void store().catch(toastError)
          }}
        >
          <PasswordInput
            w={320}
            label={`Key, kept as secret:${name}`}
            autoComplete="off"
            autoFocus
            value={key}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <Button type="submit" variant="filled" disabled={key.trim() === ''}>
            Store
          </Button>
          <Button onClick={() => setPasting(false)}>Cancel</Button>
        </form>
      )}
      {value?.warning && <p className={classes.text}>{value.warning}</p>}
    </>
  )
}

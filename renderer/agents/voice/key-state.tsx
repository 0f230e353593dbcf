import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import type { Provider } from '../../../core/providers/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { keyNeeds, type KeyNeed } from './provider-state.ts'
import { secretName } from './secret-name.ts'
import { blockAt, slotName, slotPath, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './voice.module.css'

const PLACES = {
  keychain: 'in the keychain',
  encrypted_file: 'in an encrypted file',
  store: 'sealed in the store',
  environment: 'in the environment',
  nowhere: 'nowhere',
} as const

/** Whether the keys that a call would use are there; where one is not, it can be pasted. The page never sees its value again. */
export function KeyStates({ slot, provider }: { slot: Slot; provider: Provider }) {
  const { content } = useWorkspace()
  const { secrets } = useVoiceFacts()
  const needs = keyNeeds(provider, blockAt(content, slot), secrets)
  if (needs.length === 0) return null
  return (
    <>
      {needs.map((need) => (
        <KeyLine key={need.key} slot={slot} provider={provider} need={need} second={need.key === 'api_secret'} />
      ))}
    </>
  )
}

type LineProps = Readonly<{ slot: Slot; provider: Provider; need: KeyNeed; second: boolean }>

function KeyLine({ slot, provider, need, second }: LineProps) {
  const { read_only } = useWorkspace()
  const [pasting, setPasting] = useState(false)
  const what = second ? 'secret' : 'key'
  return (
    <>
      <div className={classes.state}>
        <KeyWords need={need} what={what} />
        {!pasting && !read_only && need.state !== 'unknown' && (
          <Button onClick={() => setPasting(true)}>{need.state === 'found' ? `Another ${what}…` : `Paste a ${what}…`}</Button>
        )}
      </div>
      {pasting && <PasteForm slot={slot} provider={provider} need={need} onDone={() => setPasting(false)} />}
    </>
  )
}

function KeyWords({ need: { state, reference, kept_in }, what }: { need: KeyNeed; what: string }) {
  const name = <code className="mono">{reference}</code>
  if (reference === undefined && state === 'missing')
    return (
      <>
        <Badge tone="bad">{what} missing</Badge>
        <span className={classes.hint}>
          This address is not the provider’s own, so its usual {what} is not sent there. Paste the one for this address.
        </span>
      </>
    )
  switch (state) {
    case 'unknown':
      return <span className={classes.hint}>Looking for {name}…</span>
    case 'not_needed':
      return (
        <>
          <Badge tone="good">no {what} needed</Badge>
          <span className={classes.hint}>It is on this machine or in its network. If it wants one, paste it.</span>
        </>
      )
    case 'found':
      return (
        <>
          <Badge tone="good">{what} found</Badge>
          <span className={classes.hint}>
            {name} is {PLACES[kept_in ?? 'nowhere']}
          </span>
        </>
      )
    case 'missing':
      return (
        <>
          <Badge tone="bad">{what} missing</Badge>
          <span className={classes.hint}>{name} is not there. Calls will be refused.</span>
        </>
      )
  }
}

type PasteProps = Readonly<{ slot: Slot; provider: Provider; need: KeyNeed; onDone: () => void }>

function PasteForm({ slot, provider, need, onDone }: PasteProps) {
  const studio = useStudio()
  const { content, set } = useWorkspace()
  const { reloadSecrets, secret_warning } = useVoiceFacts()
  const [key, setKey] = useState('')
  const base_url = blockAt(content, slot)['base_url']
  const name = secretName(provider, typeof base_url === 'string' ? base_url : undefined, need.key)
  const store = async () => {
    await studio.call('secret.set', { name, value: key.trim() })
    set([...slotPath(slot), need.key], `secret:${name}`)
    reloadSecrets()
    onDone()
    toast(`The key is stored as secret:${name}`)
  }
  return (
    <form
      className={classes.paste}
      aria-label={`Key for the ${slotName(slot)}`}
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
        data-takes-keys
        value={key}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" disabled={key.trim() === ''}>
        Store
      </Button>
      <Button onClick={onDone}>Cancel</Button>
      {secret_warning !== undefined && <p className={classes.text}>{secret_warning}</p>}
    </form>
  )
}

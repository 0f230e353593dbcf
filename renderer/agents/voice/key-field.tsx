import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { pastedKeys } from '../../../core/agent/secret-scan.ts'
import type { NeededSecret, Provider } from '../../../core/providers/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { textAt } from '../document-edit.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { secretName } from './secret-name.ts'
import { slotPath, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './voice.module.css'

type Props = Readonly<{
  slot: Slot
  provider: Provider
  secretKey: NeededSecret['key']
  label: string
  description: string
  placeholder: string
  readOnly: boolean
  error: string | undefined
  value: string
  'data-pointer': string
  onReference: (reference: string) => void
}>

/**
 * Takes a reference. A key that is pasted here by mistake never reaches the document: it is held in this field
 * until it is stored in the keychain, and its reference takes its place.
 */
export function KeyField({ slot, provider, secretKey, value, onReference, ...input }: Props) {
  const studio = useStudio()
  const { content } = useWorkspace()
  const { reloadSecrets } = useVoiceFacts()
  const [key, setKey] = useState<string>()
  const name = secretName(provider, textAt(content, [...slotPath(slot), 'base_url']), secretKey)

  const store = async () => {
    if (!key) return
    await studio.call('secret.set', { name, value: key })
    setKey(undefined)
    onReference(`secret:${name}`)
    reloadSecrets()
    toast(`The key is stored; the agent refers to it as secret:${name}`)
  }
  return (
    <div>
      <TextInput
        {...input}
        // This field takes a key itself and knows its name better than the guard of the workspace.
        data-takes-keys
        type={key === undefined ? 'text' : 'password'}
        autoComplete="off"
        spellCheck={false}
        value={key ?? value}
        error={
          key === undefined
            ? input.error
            : 'This looks like a key. It does not belong in the agent: store it, and the agent refers to it.'
        }
        onChange={({ currentTarget: { value: text } }) => {
          if (isKey(text.trim())) return setKey(text.trim())
          setKey(undefined)
          onReference(text)
        }}
      />
      {key !== undefined && (
        <div className={classes.paste}>
          <Button mt={6} variant="filled" onClick={() => void store().catch(toastError)}>
            Store it as secret:{name}
          </Button>
          <Button mt={6} onClick={() => setKey(undefined)}>
            Forget it
          </Button>
        </div>
      )}
    </div>
  )
}

/** A reference that is being typed is none. */
const isKey = (text: string): boolean => !/^(env|secret)\b/.test(text) && pastedKeys(text, 'api_key').length > 0

import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ProviderKind } from '../../../core/providers/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { textAt } from '../document-edit.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { looksLikeKey, secretNameFor } from './looks-like-key.ts'
import { BLOCKS } from './provider-block.ts'
import classes from './voice.module.css'

type Props = Readonly<{
  kind: ProviderKind
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
export function KeyField({ kind, value, onReference, ...input }: Props) {
  const studio = useStudio()
  const { content } = useWorkspace()
  const [key, setKey] = useState<string>()
  const name = secretNameFor(textAt(content, [BLOCKS[kind], 'base_url']) || undefined)

  const store = async () => {
    if (!key) return
    await studio.call('secret.set', { name, value: key })
    setKey(undefined)
    onReference(`secret:${name}`)
    toast(`The key is stored; the agent refers to it as secret:${name}`)
  }
  return (
    <div>
      <TextInput
        {...input}
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
          if (looksLikeKey(text)) return setKey(text.trim())
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

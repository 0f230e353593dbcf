import { Button, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { SecretName } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { slotName } from '../voice/slot.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { keyPlace, keyText, withToolSecret, type KeyPlace } from './key-place.ts'
import type { StoppedPaste } from './paste-guard.tsx'
import { replaceKeys, slotsOpenedBy, withReference, withReplacedKeys } from './pasted-keys.ts'
import classes from './pasted-key.module.css'

type Props = Readonly<{ stopped: StoppedPaste; /** With the text that is put in after all. */ onClose: (text: string) => void }>

/** “This looks like a key: store it?” */
export function PastedKeyDialog({ stopped: { text, keys, target }, onClose }: Props) {
  const studio = useStudio()
  const { change } = useWorkspace()
  const [names, setNames] = useState(keys.map(({ name }) => name))
  const [error, setError] = useState<StudioError>()
  const [storing, setStoring] = useState(false)
  const one = keys.length === 1
  const place = keyPlace(target.closest<HTMLElement>('[data-pointer]')?.dataset['pointer'])
  const valid = names.every((name) => SecretName.safeParse(name).success)

  const store = async () => {
    setStoring(true)
    try {
      for (const [at, { value }] of keys.entries()) {
        await studio.call('secret.set', { name: SecretName.parse(names[at]), value })
      }
      change((now) =>
        keys.reduce(
          (document, key, at) =>
            place
              ? withToolSecret(document, place, names[at] ?? key.name)
              : withReference(document, slotsOpenedBy(document, key.name), names[at] ?? key.name),
          now,
        ),
      )
      toast(one ? `The key is stored as secret:${names[0] ?? ''}` : `${keys.length} keys are stored`)
      const named = (at: number) => names[at] ?? ''
      onClose(
        place
          ? replaceKeys(text, keys, (at) => keyText(place, named(at)))
          : withReplacedKeys(text, keys, (at) => `secret:${named(at)}`),
      )
    } catch (cause) {
      setError(toStudioError(cause))
    } finally {
      setStoring(false)
    }
  }
  return (
    <Modal
      opened
      onClose={() => onClose('')}
      title={one ? `This looks like ${keys[0]?.what ?? 'a key'}: store it?` : 'These look like keys: store them?'}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (valid) void store()
        }}
      >
        <p className={classes.text}>
          Keys never stand in an agent: it is exported, shared and kept in a database. Greenroom keeps {one ? 'it' : 'them'} in
          the secret store, and the agent refers to {one ? 'it' : 'them'} by name.
        </p>
        {keys.map((key, at) => (
          <KeyName
            key={key.start}
            label={one ? 'Name' : `Name of ${key.what}`}
            family={key.name}
            name={names[at] ?? ''}
            place={place}
            onName={(name) => setNames((before) => before.map((each, index) => (index === at ? name : each)))}
          />
        ))}
        {error && <ErrorNote error={error} />}
        <div className={classes.actions}>
          <Button onClick={() => onClose('')}>Cancel</Button>
          <Button onClick={() => onClose(withReplacedKeys(text, keys, () => ''))}>Paste without {one ? 'it' : 'them'}</Button>
          <Button type="submit" variant="filled" disabled={!valid} loading={storing}>
            Store {one ? 'it' : 'them'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

type NameProps = Readonly<{
  label: string
  family: string
  name: string
  place: KeyPlace | undefined
  onName: (name: string) => void
}>

function KeyName({ label, family, name, place, onName }: NameProps) {
  const { content } = useWorkspace()
  const parsed = SecretName.safeParse(name)
  const users = slotsOpenedBy(content, family).map(slotName)
  return (
    <TextInput
      label={label}
      description={
        place
          ? `The tool will have it as ${keyText(place, name)}.`
          : users.length > 0
            ? `The ${users.join(' and the ')} of this agent will use secret:${name}.`
            : `Nothing in this agent uses it yet: choose its provider in Voice & models, or write secret:${name} where it belongs.`
      }
      autoComplete="off"
      spellCheck={false}
      data-autofocus
      value={name}
      error={parsed.success ? undefined : 'Letters, digits, ".", "_" and "-", at most 64'}
      onChange={(event) => onName(event.currentTarget.value)}
    />
  )
}

import { ActionIcon, Autocomplete, Button, PasswordInput, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { SecretName, type SecretState } from '../../../core/contract/index.ts'
import { isJsonObject } from '../../../core/json.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { showValue } from '../parse-value.ts'
import { entriesOf, freeName, withEntry, withoutEntry, withRenamed, type Entries } from './entries.ts'
import { useTool } from './tool-context.ts'
import classes from './tools-tab.module.css'

/** The keys that the request needs, by reference: their values are in the keychain, and this page never sees them. */
export function SecretsForm() {
  const { read_only, at, set } = useTool()
  const raw = at('secrets')
  const secrets = entriesOf(isJsonObject(raw) ? raw : {})
  const references = useMemo(
    () =>
      [...new Set(secrets.map(([, reference]) => showValue(reference)).filter((text) => /^(env|secret):./.test(text)))].sort(),
    [secrets],
  )
  const known = useOperation('secret.list', { references }, ['secret.changed'])
  const put = (next: Entries) => set(['secrets'], next.length === 0 ? undefined : Object.fromEntries(next))
  const add = () => {
    const name = freeName('key', secrets, '_')
    put([...secrets, [name, `secret:${name.replaceAll('_', '-')}`]])
  }
  return (
    <section className={classes.section} aria-label="Secrets">
      <div className={classes.sectionHead}>
        <h2 className={classes.heading}>Secrets</h2>
        <span className={classes.hint}>
          Named here, written as <code className="mono">{'{{ secrets.name }}'}</code>. The agent holds the reference, never the
          key.
        </span>
        {!read_only && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => add()}>
            Add a secret
          </Button>
        )}
      </div>
      {secrets.map(([name, reference], index) => (
        <SecretRow
          key={index}
          name={name}
          reference={showValue(reference)}
          known={known.value?.secrets}
          onName={(text) => put(withRenamed(secrets, index, text))}
          onReference={(text) => put(withEntry(secrets, index, text))}
          onRemove={() => put(withoutEntry(secrets, index))}
        />
      ))}
    </section>
  )
}

type RowProps = Readonly<{
  name: string
  reference: string
  known: readonly SecretState[] | undefined
  onName: (name: string) => void
  onReference: (reference: string) => void
  onRemove: () => void
}>

function SecretRow({ name, reference, known, onName, onReference, onRemove }: RowProps) {
  const { read_only, pointerOf, errorAt } = useTool()
  const [pasting, setPasting] = useState(false)
  const there = known?.find((secret) => secret.reference === reference)
  const choices = useMemo(
    () => (known ?? []).filter(({ present, reference: one }) => present && one.startsWith('secret:')).map((one) => one.reference),
    [known],
  )
  return (
    <div className={classes.secret}>
      <div className={classes.secretRow}>
        <TextInput
          aria-label="Name in templates"
          className={classes.monoInput ?? ''}
          readOnly={read_only}
          spellCheck={false}
          value={name}
          onChange={({ currentTarget: { value } }) => onName(value)}
        />
        <Autocomplete
          aria-label={`Reference of ${name}`}
          className={classes.monoInput ?? ''}
          placeholder="secret:crm or env:CRM_KEY"
          data={choices}
          readOnly={read_only}
          spellCheck={false}
          data-pointer={pointerOf('secrets', name)}
          error={errorAt('secrets', name)}
          value={reference}
          onChange={onReference}
        />
        <KeyState there={there?.present} known={known !== undefined} reference={reference} />
        {!read_only && !pasting && (
          <Button onClick={() => setPasting(true)}>{there?.present ? 'Another key…' : 'Paste a key…'}</Button>
        )}
        {!read_only && (
          <ActionIcon size="sm" aria-label={`Remove the secret ${name}`} onClick={onRemove}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </div>
      {pasting && (
        <PasteKey
          name={/^secret:(.+)$/.exec(reference)?.[1] ?? name}
          onDone={(stored) => {
            setPasting(false)
            if (stored !== undefined) onReference(`secret:${stored}`)
          }}
        />
      )}
    </div>
  )
}

function KeyState({ there, known, reference }: { there: boolean | undefined; known: boolean; reference: string }) {
  if (!known || !/^(env|secret):./.test(reference)) return <span />
  return there ? (
    <Badge tone="good">key found</Badge>
  ) : (
    <Badge tone="bad" title="The tool fails until it is there">
      key missing
    </Badge>
  )
}

function PasteKey({ name, onDone }: { name: string; onDone: (stored: string | undefined) => void }) {
  const studio = useStudio()
  const [key, setKey] = useState('')
  const parsed = SecretName.safeParse(name.replaceAll('_', '-'))
  const store = async () => {
    if (!parsed.success) return
    await studio.call('secret.set', { name: parsed.data, value: key.trim() })
    toast(`The key is stored; the tool refers to it as secret:${parsed.data}`)
    onDone(parsed.data)
  }
  return (
    <form
      className={classes.line}
      aria-label={`Key for ${name}`}
      onSubmit={(event) => {
        event.preventDefault()
        void store().catch(toastError)
      }}
    >
      <PasswordInput
        w={320}
        label={parsed.success ? `Key, kept as secret:${parsed.data}` : 'Key'}
        autoComplete="off"
        autoFocus
        data-takes-keys
        error={parsed.success ? undefined : 'Give the secret a name first: letters, digits, "_" and "-"'}
        value={key}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" disabled={key.trim() === '' || !parsed.success}>
        Store
      </Button>
      <Button onClick={() => onDone(undefined)}>Cancel</Button>
    </form>
  )
}

import { ActionIcon, Autocomplete, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { isJsonObject } from '../../../core/json.ts'
import type { JsonValue } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'
import { CodeInput } from './code-input.tsx'
import { entriesOf, freeName, withEntry, withoutEntry, withRenamed, type Entries } from './entries.ts'
import type { TemplateWord } from './template-completion.ts'
import { TemplateText } from './template-text.tsx'
import { useTool } from './tool-context.ts'
import classes from './tools-tab.module.css'

const USUAL = ['Accept', 'Accept-Language', 'Authorization', 'Content-Type', 'X-Api-Key', 'X-Request-Id']

/** Headers by name, in the order in which they were written. */
export function HeadersForm({ words }: { words: readonly TemplateWord[] }) {
  const { read_only, pointerOf, at, set, errorAt } = useTool()
  const raw = at('headers')
  const headers = entriesOf(isJsonObject(raw) ? raw : {})
  const put = (next: Entries) => set(['headers'], next.length === 0 ? undefined : Object.fromEntries(next))
  const add = () => {
    const secret = words.find(({ name }) => name.startsWith('secrets.'))
    const isNew = !headers.some(([name]) => name === 'Authorization')
    const value: JsonValue = isNew && secret ? `Bearer {{ ${secret.name} }}` : ''
    put([...headers, [isNew ? 'Authorization' : freeName('X-Header', headers), value]])
  }
  return (
    <div className={classes.rows} role="group" aria-label="Headers">
      {headers.map(([name, value], index) => (
        <div key={index} className={classes.pairRow}>
          <Autocomplete
            aria-label={`Name of header ${index + 1}`}
            className={classes.monoInput ?? ''}
            data={USUAL}
            readOnly={read_only}
            value={name}
            onChange={(text) => put(withRenamed(headers, index, text))}
          />
          <CodeInput
            label={`Value of ${name || `header ${index + 1}`}`}
            hideLabel
            placeholder="Bearer {{ secrets.crm }}"
            value={showValue(value)}
            onChange={(text) => put(withEntry(headers, index, text))}
            colour={(text) => <TemplateText text={text} />}
            words={words}
            readOnly={read_only}
            pointer={pointerOf('headers', name)}
            error={errorAt('headers', name)}
          />
          {!read_only && (
            <ActionIcon
              size="sm"
              mt={4}
              aria-label={`Remove the header ${name}`}
              onClick={() => put(withoutEntry(headers, index))}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!read_only && (
        <div>
          <Button leftSection={<IconPlus size={14} />} onClick={add}>
            Add a header
          </Button>
        </div>
      )}
    </div>
  )
}

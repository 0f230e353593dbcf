import { ActionIcon, Autocomplete, Button, TagsInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { errorText } from '../workspace/finding-place.ts'
import { focusPointer } from '../workspace/reveal.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { attributeJson, readAttributes, type AttributeRow } from './routing-rows.ts'
import classes from './routing.module.css'

const KNOWN_KEYS = ['is_new_user', 'tier', 'plan', 'language', 'country']

/** What is known of a caller that leads here. */
export function AttributeRules() {
  const { content, set, read_only, findingsAt } = useWorkspace()
  const rows = readAttributes(content)
  const write = (next: readonly AttributeRow[]) => set(['routing', 'attributes'], next.map(attributeJson))
  const change = (at: number, changes: Partial<AttributeRow>) =>
    write(rows.map((row, index) => (index === at ? { ...row, ...changes } : row)))
  const add = () => {
    write([...rows, { key: '', equals: [] }])
    setTimeout(() => focusPointer(`/routing/attributes/${rows.length}/key`), 60)
  }
  return (
    <fieldset className={classes.rules}>
      <legend className={classes.legend}>Attributes of the caller</legend>
      {rows.length === 0 && (
        <p className={classes.text}>None. Add one to answer, say, new users (is_new_user) or a tier (tier is premium).</p>
      )}
      {rows.map((row, index) => (
        <div key={index} className={classes.attribute}>
          <Autocomplete
            aria-label={`Attribute ${index + 1}`}
            placeholder="tier"
            data={KNOWN_KEYS}
            readOnly={read_only}
            data-pointer={`/routing/attributes/${index}/key`}
            error={errorText(findingsAt(`/routing/attributes/${index}/key`))}
            value={row.key}
            onChange={(key) => change(index, { key })}
          />
          <span className={classes.word}>{row.equals.length > 0 ? 'is' : 'is there, or is'}</span>
          <TagsInput
            size="xs"
            aria-label={`Values of attribute ${index + 1}`}
            placeholder={row.equals.length === 0 ? 'one of these values' : ''}
            readOnly={read_only}
            data-pointer={`/routing/attributes/${index}/equals`}
            error={errorText(findingsAt(`/routing/attributes/${index}/equals`))}
            value={[...row.equals]}
            onChange={(equals) => change(index, { equals })}
          />
          {!read_only && (
            <ActionIcon
              aria-label={`Remove attribute ${row.key || index + 1}`}
              onClick={() => write(rows.filter((_, other) => other !== index))}
            >
              <IconTrash size={14} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!read_only && (
        <Button className={classes.add} leftSection={<IconPlus size={14} />} onClick={add}>
          Add an attribute
        </Button>
      )}
    </fieldset>
  )
}

import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { toastUndo } from '../../ui/toast.tsx'
import { declaredVariables, removeVariable, setVariable } from './prompt-variables.ts'
import { useVariableRows } from './use-variable-rows.ts'
import { withValueAt } from '../document-edit.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import classes from './prompt-tab.module.css'

/** Every variable of the prompt with its default, which a call uses when nothing else is brought. */
export function VariablesTable() {
  const { content, change, read_only } = useWorkspace()
  const rows = useVariableRows(content)
  const remove = (name: string) => {
    const before = declaredVariables(content)[name]
    change((now) => removeVariable(now, name))
    toastUndo(`Removed the variable ${name}`, () =>
      change((now) => withValueAt(now, ['prompt_config', 'dynamic_vars', name], before)),
    )
  }
  return (
    <>
      {rows.length === 0 && (
        <p className={classes.hint}>
          No variables yet. Write <code className="mono">{'{{ user_details.name }}'}</code> in the instructions, and it is listed
          here.
        </p>
      )}
      {rows.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Variable</th>
              <th>Default</th>
              <th>Description</th>
              <th>
                <span className="visually-hidden">State and actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <td className="mono">{row.name}</td>
                <td style={{ minWidth: 140 }}>
                  <TextInput
                    aria-label={`Default of ${row.name}`}
                    placeholder="no default"
                    readOnly={read_only}
                    value={row.default}
                    onChange={({ currentTarget: { value } }) => change((now) => setVariable(now, row.name, 'default', value))}
                  />
                </td>
                <td className={classes.wide}>
                  <TextInput
                    aria-label={`Description of ${row.name}`}
                    placeholder="what it is"
                    readOnly={read_only}
                    value={row.description}
                    onChange={({ currentTarget: { value } }) => change((now) => setVariable(now, row.name, 'description', value))}
                  />
                </td>
                <td>
                  {!row.used && <Badge tone="warn">not used</Badge>}
                  {!row.declared && <Badge tone="info">not declared</Badge>}{' '}
                  {row.declared && !read_only && (
                    <ActionIcon size="sm" aria-label={`Remove the variable ${row.name}`} onClick={() => remove(row.name)}>
                      <IconTrash size={14} />
                    </ActionIcon>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!read_only && <AddVariable taken={rows.map(({ name }) => name)} />}
    </>
  )
}

function AddVariable({ taken }: { taken: readonly string[] }) {
  const { change } = useWorkspace()
  const [name, setName] = useState('')
  const problem =
    name === ''
      ? undefined
      : taken.includes(name)
        ? 'It is in the list already'
        : /^[A-Za-z_][\w]*(\.[A-Za-z_][\w]*)*$/.test(name)
          ? undefined
          : 'Letters, digits, "_" and dots: user_details.name'
  const add = () => {
    if (!name || problem) return
    change((now) => setVariable(now, name, 'description', ''))
    setName('')
  }
  return (
    <form
      className={classes.greetingBox}
      style={{ display: 'flex', gap: 8, alignItems: 'flex-start' }}
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <TextInput
        aria-label="Name of a new variable"
        placeholder="new_variable"
        value={name}
        error={problem}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!name || problem !== undefined}>
        Add
      </Button>
    </form>
  )
}

import { Badge } from '../../ui/badge.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { focusPointer } from '../workspace/reveal.ts'
import { constraintText } from './constraint-text.ts'
import { readFields, roleOf } from './field-rows.ts'
import { RoleBadge } from './role-badge.tsx'
import { useSpeechCost } from './use-speech-cost.ts'
import classes from '../prompt/prompt-tab.module.css'

/** The output table at a glance, beside the prompt that speaks of it. */
export function FieldOverview() {
  const { content, goTo } = useWorkspace()
  const rows = readFields(content)
  const cost = useSpeechCost(content)
  const open = (index: number) => {
    goTo('output')
    setTimeout(() => focusPointer(`/schema_config/fields/${index}/field_name`), 60)
  }
  if (rows.length === 0)
    return (
      <p className={classes.hint}>
        No fields yet: the agent answers with plain speech.{' '}
        <button type="button" className={classes.rowButton} onClick={() => goTo('output')}>
          Add fields
        </button>
      </p>
    )
  return (
    <>
      <p className={classes.hint}>
        Fields in the order the model writes them; spoken text starts after {cost.fields_before.length}{' '}
        {cost.fields_before.length === 1 ? 'field' : 'fields'}, ≈ {cost.tokens_before} tokens.
      </p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Name</th>
            <th>Type</th>
            <th>Role</th>
            <th>Constraints</th>
            <th>Description</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <td className="mono">
                <button type="button" className={classes.rowButton} onClick={() => open(index)}>
                  {row.field_name || '(no name)'}
                </button>
              </td>
              <td className="mono">{row.field_type.startsWith('Literal') ? 'Literal' : row.field_type}</td>
              <td>
                <RoleBadge role={roleOf(content, row)} /> {!row.required && <Badge>optional</Badge>}
              </td>
              <td className="mono" title={constraintText(row)}>
                {short(constraintText(row))}
              </td>
              <td className={classes.wide} title={row.description}>
                {row.description}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

const short = (text: string) => (text.length > 28 ? `${text.slice(0, 26)}…` : text)

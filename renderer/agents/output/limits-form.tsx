import { Checkbox, Select, TagsInput, TextInput } from '@mantine/core'
import { constraintsOf, type ConstraintName } from '../../../core/output/field-definition.ts'
import { formatLiteral, parseFieldType } from '../../../core/output/field-type.ts'
import { parseValue, showValue } from '../parse-value.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { CONSTRAINTS, parseConstraint } from './constraint-text.ts'
import { useFieldList } from './field-list.ts'
import type { FieldRow } from './field-rows.ts'
import classes from './output-tab.module.css'

/** The constraints that the row's type can have, its choices, its default. */
export function LimitsForm({ row, index }: { row: FieldRow; index: number }) {
  const { set, read_only } = useWorkspace()
  const parsed = parseFieldType(row.field_type)
  const list = useFieldList()
  const path = [...list.path, index]
  if (!parsed.ok) return <p className={classes.cellError}>{parsed.problem}</p>
  const { type } = parsed
  const names = constraintsOf(type)
  return (
    <div className={classes.form}>
      {type.kind === 'literal' && (
        <TagsInput
          size="xs"
          label="Choices"
          description="Enter adds one. The model picks exactly one of them."
          splitChars={[]}
          readOnly={read_only}
          value={[...type.values]}
          onChange={(values) => values.length > 0 && set([...path, 'field_type'], formatLiteral(values))}
        />
      )}
      {type.kind === 'list' && names.length > 0 && (
        <span className={classes.note}>Limits of characters and numbers hold for each item.</span>
      )}
      {names.length > 0 && (
        <div className={classes.pair}>
          {names.map((name) => (
            <ConstraintInput key={name} name={name} row={row} index={index} />
          ))}
        </div>
      )}
      {type.kind === 'bool' && <span className={classes.note}>true or false: there is nothing to limit.</span>}
      <Checkbox
        label="Required"
        description="Optional fields may be null; the default then takes their place."
        disabled={read_only}
        checked={row.required}
        onChange={({ currentTarget: { checked } }) => set([...path, 'required'], checked)}
      />
      <DefaultInput
        row={row}
        index={index}
        choices={type.kind === 'literal' ? type.values : type.kind === 'bool' ? ['true', 'false'] : undefined}
      />
    </div>
  )
}

function ConstraintInput({ name, row, index }: { name: ConstraintName; row: FieldRow; index: number }) {
  const { set, read_only, findingsAt } = useWorkspace()
  const { path, pointerOf } = useFieldList()
  const { label, help, kind } = CONSTRAINTS[name]
  const value = row.constraints[name]
  return (
    <TextInput
      label={label}
      title={help}
      inputMode={kind === 'pattern' ? 'text' : 'decimal'}
      style={kind === 'pattern' ? { gridColumn: '1 / -1' } : undefined}
      readOnly={read_only}
      error={errorText(findingsAt(`${pointerOf(index)}/constraints/${name}`))}
      value={showValue(value)}
      onChange={({ currentTarget }) => set([...path, index, 'constraints', name], parseConstraint(name, currentTarget.value))}
    />
  )
}

type DefaultProps = Readonly<{ row: FieldRow; index: number; choices: readonly string[] | undefined }>

function DefaultInput({ row, index, choices }: DefaultProps) {
  const { set, read_only, findingsAt } = useWorkspace()
  const list = useFieldList()
  const path = [...list.path, index, 'default']
  const error = errorText(findingsAt(`${list.pointerOf(index)}/default`))
  const shown = showValue(row.default)
  const parse = (text: string) =>
    row.field_type === 'str' || row.field_type.startsWith('Literal') ? text || undefined : parseValue(text)
  if (choices)
    return (
      <Select
        label="Default"
        placeholder="no default"
        clearable
        allowDeselect
        comboboxProps={{ withinPortal: false }}
        readOnly={read_only}
        data={[...choices]}
        error={error}
        value={shown || null}
        onChange={(value) => set(path, parse(value ?? ''))}
      />
    )
  return (
    <TextInput
      label="Default"
      placeholder="no default"
      readOnly={read_only}
      error={error}
      value={shown}
      onChange={({ currentTarget: { value } }) => set(path, parse(value))}
    />
  )
}

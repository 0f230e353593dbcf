import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { DAYS } from '../../../core/routing/routing-config.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { hoursJson, newHours, readHours, type Day, type HoursRow } from './routing-rows.ts'
import classes from './routing.module.css'

const DAY_NAMES: Readonly<Record<Day, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

/** When this agent answers whom no rule before has led elsewhere. */
export function HoursRules() {
  const { content, set, read_only } = useWorkspace()
  const rows = readHours(content)
  const write = (next: readonly HoursRow[]) => set(['routing', 'hours'], next.length > 0 ? next.map(hoursJson) : undefined)
  const change = (at: number, changes: Partial<HoursRow>) =>
    write(rows.map((row, index) => (index === at ? { ...row, ...changes } : row)))
  return (
    <fieldset className={classes.rules}>
      <legend className={classes.legend}>Hours</legend>
      {rows.length === 0 && <p className={classes.text}>None. With hours, this agent answers everybody at these times.</p>}
      {rows.map((row, index) => (
        <HoursFields
          key={index}
          row={row}
          index={index}
          onChange={(changes) => change(index, changes)}
          onRemove={read_only ? undefined : () => write(rows.filter((_, other) => other !== index))}
        />
      ))}
      {!read_only && (
        <Button className={classes.add} leftSection={<IconPlus size={14} />} onClick={() => write([...rows, newHours()])}>
          Add hours
        </Button>
      )}
    </fieldset>
  )
}

type FieldsProps = Readonly<{
  row: HoursRow
  index: number
  onChange: (changes: Partial<HoursRow>) => void
  onRemove: (() => void) | undefined
}>

function HoursFields({ row, index, onChange, onRemove }: FieldsProps) {
  const { read_only, findingsAt } = useWorkspace()
  const zones = useMemo(() => timeZones(row.time_zone), [row.time_zone])
  const pointer = `/routing/hours/${index}`
  const overnight = row.from !== '' && row.to !== '' && row.to <= row.from
  const toggle = (day: Day) => onChange({ days: DAYS.filter((one) => (one === day) !== row.days.includes(one)) })
  const days = errorText(findingsAt(`${pointer}/days`))
  return (
    <div className={classes.hours} role="group" aria-label={`Hours ${index + 1}`}>
      <div className={classes.days} role="group" aria-label="Days">
        {DAYS.map((day) => (
          <button
            key={day}
            type="button"
            className={classes.day}
            title={DAY_NAMES[day]}
            data-pointer={day === 'mon' ? `${pointer}/days` : undefined}
            aria-pressed={row.days.includes(day)}
            disabled={read_only}
            onClick={() => toggle(day)}
          >
            {DAY_NAMES[day].slice(0, 3)}
          </button>
        ))}
      </div>
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="time"
          className={classes.time}
          aria-label={end === 'from' ? 'From' : overnight ? 'To, on the next day' : 'To'}
          readOnly={read_only}
          data-pointer={`${pointer}/${end}`}
          error={errorText(findingsAt(`${pointer}/${end}`))}
          value={row[end]}
          onChange={({ currentTarget }) => onChange({ [end]: currentTarget.value })}
        />
      ))}
      <Select
        className={classes.zone}
        aria-label="Time zone"
        searchable
        limit={60}
        nothingFoundMessage="No such time zone"
        readOnly={read_only}
        data-pointer={`${pointer}/time_zone`}
        error={errorText(findingsAt(`${pointer}/time_zone`))}
        data={zones}
        value={row.time_zone}
        onChange={(time_zone) => time_zone !== null && onChange({ time_zone })}
      />
      {onRemove && (
        <ActionIcon aria-label={`Remove hours ${index + 1}`} onClick={onRemove}>
          <IconTrash size={14} />
        </ActionIcon>
      )}
      {(overnight || days) && (
        <span className={classes.note} data-bad={days !== undefined}>
          {days ?? (row.from === row.to ? 'A whole day, until the same time of the next.' : 'Until the next day.')}
        </span>
      )}
    </div>
  )
}

/** All that the browser knows; one that it does not know stays in the list, so that it is seen and can be mended. */
function timeZones(present: string): string[] {
  const known = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
  return present === '' || known.includes(present) ? known : [present, ...known]
}

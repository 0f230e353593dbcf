import { Fragment, memo } from 'react'
import { Badge } from '../../ui/badge.tsx'
import type { Json } from '../../../core/json.ts'
import { formatMs } from '../format.ts'
import { jsonLine } from './json-line.ts'
import { JsonText } from '../../ui/json-text.tsx'
import type { FieldRole, InspectedField } from './turn-fields.ts'
import classes from './inspector.module.css'

const ROLE_LABEL: Readonly<Record<FieldRole, string>> = { spoken: 'spoken', style: 'voice style', hidden: 'hidden' }
const ROLE_TITLE: Readonly<Record<FieldRole, string>> = {
  spoken: 'The caller hears this field while it streams',
  style: 'Steers how the voice sounds',
  hidden: 'For the application; not for the caller',
}

/** One field: name and roles, its value as it streams, and when it was there. */
export const FieldRow = memo(function FieldRow({ field, note }: { field: InspectedField; note?: string | undefined }) {
  const { name, roles, state, problems } = field
  return (
    <div className={classes.row} data-state={state} role="row">
      <div className={classes.name} role="rowheader">
        <span className={classes.key} title={[field.type, field.description].filter(Boolean).join(' · ')}>
          <Breakable name={name} />
        </span>
        {(roles.length > 0 || field.unknown) && (
          <span className={classes.roles}>
            {roles.map((role) => (
              <Badge key={role} tone={role} title={ROLE_TITLE[role]}>
                {ROLE_LABEL[role]}
              </Badge>
            ))}
            {field.unknown && (
              <Badge tone="warn" title="The schema of this revision does not have this field">
                not in schema
              </Badge>
            )}
          </span>
        )}
      </div>
      <div className={classes.value} role="cell">
        <FieldValue field={field} />
        {note !== undefined && <div className={classes.was}>{note}</div>}
        {problems.map(({ path, message }) => (
          <div key={path + message} className={classes.problem}>
            {message}
          </div>
        ))}
      </div>
      <FieldTime field={field} />
    </div>
  )
})

function FieldValue({ field }: { field: InspectedField }) {
  const { state, value, before } = field
  if (state === 'waiting') return <span className={classes.waiting}>waiting</span>
  if (state === 'missing') return <span className={classes.waiting}>not written</span>
  if (state === 'streaming' || value === undefined) return <JsonText text={streamingText(field)} caret={state === 'streaming'} />
  return (
    <>
      <JsonText text={jsonLine(value)} />
      {before !== undefined && <Change before={before} after={value} />}
    </>
  )
}

/** A string field streams as decoded text; everything else as its JSON source. */
const streamingText = ({ text, type }: InspectedField): string => {
  const isText =
    type === undefined ? !/^\s*([[{\d-]|(true|false|null)\b)/.test(text) : type === 'str' || type.startsWith('Literal')
  return isText ? JSON.stringify(text).slice(0, -1) : text
}

/** A snake_case name that may break after its underscores. */
const Breakable = ({ name }: { name: string }) =>
  name.split(/(?<=_)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))

function Change({ before, after }: { before: Json; after: Json }) {
  if (typeof before === 'number' && typeof after === 'number') {
    const up = after > before
    return (
      <span className={classes.change} data-direction={up ? 'up' : 'down'}>
        <span aria-hidden>{up ? '▲' : '▼'}</span>
        <span className="visually-hidden">{up ? 'up' : 'down'}</span> from {before}
      </span>
    )
  }
  const text = jsonLine(before)
  if (text.length > 40) return null // whole sentences differ every turn; the Diff tab shows them
  return <div className={classes.was}>was {text}</div>
}

function FieldTime({ field: { started_ms, done_ms } }: { field: InspectedField }) {
  const shown = done_ms ?? started_ms
  if (shown === undefined) return <div className={classes.time} role="cell" />
  const title = [
    started_ms === undefined ? '' : `first character ${formatMs(started_ms)} after the end of speech`,
    done_ms === undefined ? '' : `complete ${formatMs(done_ms)} after the end of speech`,
  ]
  return (
    <div className={classes.time} role="cell" title={title.filter(Boolean).join('\n')}>
      {formatMs(shown)}
    </div>
  )
}

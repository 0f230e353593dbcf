import { useMemo } from 'react'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { TurnView } from '../../../core/session/session-view.ts'
import { diffOutputs, type FieldDiff } from './output-diff.ts'
import { jsonLine } from './json-line.ts'
import { JsonText } from '../../ui/json-text.tsx'
import classes from './inspector.module.css'

/** What changed since the output of the turn before. */
export function OutputDiff({ turn, previous }: { turn: TurnView; previous: JsonObject | undefined }) {
  const { output } = turn
  const fields = useMemo(() => (previous && output ? diffOutputs(previous, output) : []), [previous, output])
  if (!output) return <p className={classes.empty}>The difference is shown when the turn's JSON is complete.</p>
  if (!previous) return <p className={classes.empty}>This is the first turn with JSON; there is nothing to compare it with.</p>
  return (
    <div role="table" aria-label="Changes since the turn before">
      {fields.map((field) => (
        <div key={field.name} className={classes.row} data-state={field.kind === 'same' ? 'waiting' : 'done'} role="row">
          <div className={classes.name} role="rowheader">
            <span className={classes.key}>{field.name}</span>
          </div>
          <div className={classes.value} role="cell">
            <Difference field={field} />
          </div>
          <div className={classes.time} role="cell">
            {MARK[field.kind]}
          </div>
        </div>
      ))}
    </div>
  )
}

const MARK = {
  same: '',
  new: 'new',
  gone: 'gone',
  number: 'changed',
  text: 'changed',
  list: 'changed',
  replaced: 'changed',
} as const

function Difference({ field }: { field: FieldDiff }) {
  switch (field.kind) {
    case 'same':
      return <span className={classes.waiting}>unchanged</span>
    case 'new':
      return <Piece kind="new" value={field.value} />
    case 'gone':
      return <Piece kind="gone" value={field.value} />
    case 'number':
      return (
        <>
          <Piece kind="gone" value={field.before} /> → <Piece kind="new" value={field.after} />
        </>
      )
    case 'replaced':
      return (
        <>
          <div>
            <Piece kind="gone" value={field.before} />
          </div>
          <div>
            <Piece kind="new" value={field.after} />
          </div>
        </>
      )
    case 'list':
      return field.items.map(({ kind, value }, index) => (
        <div key={index}>
          <Piece kind={kind} value={value} />
        </div>
      ))
    case 'text':
      return (
        <span className={classes.words}>
          {field.words.map(({ kind, text }, index) => {
            if (kind === 'gone') return <del key={index}>{text}</del>
            return kind === 'new' ? <ins key={index}>{text}</ins> : <span key={index}>{text}</span>
          })}
        </span>
      )
  }
}

function Piece({ kind, value }: { kind: 'same' | 'gone' | 'new'; value: Json }) {
  const text = jsonLine(value)
  if (kind === 'gone') return <del className={classes.words}>{text}</del>
  if (kind === 'new') return <ins className={classes.words}>{text}</ins>
  return <JsonText text={text} />
}

import { useMemo } from 'react'
import type { SessionView } from '../../../core/session/session-view.ts'
import { recoveries, recoveryWords } from '../cards/recovery-words.ts'
import { countOf } from '../format.ts'
import classes from './call-notes.module.css'

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** What broke in this call, and how it went on. */
export function CallRecoveries({ view }: { view: SessionView }) {
  const events = useMemo(() => recoveries(view), [view])
  if (events.length === 0) return null
  return (
    <details className={classes.note}>
      <summary>{countOf(events.length, 'interruption')}; the call went on</summary>
      <ol className={classes.list} aria-label="What broke, and how the call went on">
        {events.map((event) => {
          const { tone, title, text } = recoveryWords(event)
          return (
            <li key={`${event.attempt}.${event.seq}`} data-tone={tone}>
              <time dateTime={new Date(event.at).toISOString()}>{TIME.format(event.at)}</time>
              <span>
                <strong>{title}.</strong> {text}
              </span>
            </li>
          )
        })}
      </ol>
    </details>
  )
}

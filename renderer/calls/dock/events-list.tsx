import { TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { JournalEvent } from '../../../core/contract/index.ts'
import { JsonText } from '../../ui/json-text.tsx'
import { EVENT_GROUPS, eventSummary, filterEvents, type EventGroup } from './event-summary.ts'
import classes from './events-list.module.css'

const ROW_HEIGHT = 22
const toggled = (groups: ReadonlySet<EventGroup>, group: EventGroup): ReadonlySet<EventGroup> => {
  const next = new Set(groups)
  if (!next.delete(group)) next.add(group)
  return next
}

/** The journal of a call, newest at the end; one event opens to its JSON. */
export function EventsList({ events }: { events: readonly JournalEvent[] }) {
  const [groups, setGroups] = useState<ReadonlySet<EventGroup>>(new Set())
  const [query, setQuery] = useState('')
  const starts = useMemo(() => attemptStarts(events), [events])
  const shown = useMemo(() => filterEvents(events, groups, query), [events, groups, query])
  return (
    <div className={classes.events}>
      <div className={classes.filters}>
        <span role="group" aria-label="Kinds of events" className={classes.groups}>
          {EVENT_GROUPS.map((group) => (
            <button
              key={group}
              type="button"
              className={classes.group}
              aria-pressed={groups.has(group)}
              onClick={() => setGroups(toggled(groups, group))}
            >
              {group}
            </button>
          ))}
        </span>
        <TextInput
          className={classes.search}
          aria-label="Filter events"
          placeholder="Filter"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      {shown.length === 0 ? (
        <p className={classes.empty}>
          {events.length === 0 ? 'Events appear here when the call begins.' : 'No event fits the filter.'}
        </p>
      ) : (
        <Rows events={shown} starts={starts} />
      )}
    </div>
  )
}

/** When each attempt began, ms since the first did: the clock of a session process starts anew with it, the call's does not. */
function attemptStarts(events: readonly JournalEvent[]): ReadonlyMap<number, number> {
  const starts = new Map<number, number>()
  // The last event of each counts: the first ones are written before the process has its clock.
  for (const { attempt, at, at_ms } of events) starts.set(attempt, at - at_ms)
  const first = events[0] && starts.get(events[0].attempt)
  return new Map([...starts].map(([attempt, start]) => [attempt, start - (first ?? start)]))
}

const keyOf = ({ attempt, seq }: JournalEvent): string => `${attempt}.${seq}`

function Rows({ events, starts }: { events: readonly JournalEvent[]; starts: ReadonlyMap<number, number> }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const following = useRef(true)
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => {
      const event = events[index]
      return event ? keyOf(event) : index
    },
    overscan: 12,
  })
  useEffect(() => {
    if (following.current && events.length > 0) rows.scrollToIndex(events.length - 1)
  }, [events.length, rows])
  const scrolled = () => {
    const element = scroller.current
    if (element) following.current = element.scrollHeight - element.scrollTop - element.clientHeight < ROW_HEIGHT * 2
  }
  const toggle = (key: string) =>
    setOpen((before) => {
      const next = new Set(before)
      if (!next.delete(key)) next.add(key)
      return next
    })
  return (
    <div ref={scroller} className={classes.rows} onScroll={scrolled} tabIndex={0} role="region" aria-label="Events">
      <div className={classes.space} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const event = events[item.index]
          if (!event) return null
          const key = keyOf(event)
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={item.index}
              className={classes.row}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <EventRow
                event={event}
                from_ms={starts.get(event.attempt) ?? 0}
                open={open.has(key)}
                onToggle={() => toggle(key)}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

type RowProps = Readonly<{ event: JournalEvent; from_ms: number; open: boolean; onToggle: () => void }>

function EventRow({ event, from_ms, open, onToggle }: RowProps) {
  const { text, tone } = eventSummary(event)
  return (
    <>
      <button type="button" className={classes.event} data-tone={tone} aria-expanded={open} onClick={onToggle}>
        <span className={classes.at} title={new Date(event.at).toISOString()}>
          {((from_ms + event.at_ms) / 1000).toFixed(3)}
        </span>
        <span className={classes.type}>{event.type}</span>
        <span className={classes.text}>{text}</span>
      </button>
      {open && (
        <pre className={classes.details}>
          <JsonText text={JSON.stringify(event, undefined, 2)} />
        </pre>
      )}
    </>
  )
}

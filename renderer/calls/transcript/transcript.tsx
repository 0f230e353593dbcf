import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '@mantine/core'
import { IconArrowDown, IconTool } from '@tabler/icons-react'
import type { TurnId } from '../../../core/contract/index.ts'
import { formatSeconds } from '../format.ts'
import type { TranscriptLine } from './transcript-lines.ts'
import classes from './transcript.module.css'

type Props = Readonly<{
  lines: readonly TranscriptLine[]
  selected: TurnId | undefined
  onSelect: (turn_id: TurnId) => void
  empty: string
}>

/** What was said, as it was heard; clicking a line shows that turn's JSON. */
export function Transcript({ lines, selected, onSelect, empty }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  useLayoutEffect(() => {
    const element = scroller.current
    if (element && atEnd) element.scrollTop = element.scrollHeight
  }, [lines, atEnd])
  const scrolled = () => {
    const element = scroller.current
    if (element) setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 24)
  }
  return (
    <div className={classes.frame}>
      <div ref={scroller} className={classes.transcript} onScroll={scrolled} role="region" aria-label="Transcript" tabIndex={0}>
        {lines.length === 0 && <p className={classes.empty}>{empty}</p>}
        {lines.map((line) => (
          <Line
            key={line.key}
            line={line}
            selected={line.turn_id !== undefined && line.turn_id === selected}
            onSelect={onSelect}
          />
        ))}
      </div>
      {!atEnd && (
        <Button className={classes.toEnd} leftSection={<IconArrowDown size={13} />} onClick={() => setAtEnd(true)}>
          Newest
        </Button>
      )}
      <Announcer lines={lines} />
    </div>
  )
}

const WHO = { caller: 'You', agent: 'Agent', studio: '' } as const

const Line = memo(function Line({
  line,
  selected,
  onSelect,
}: {
  line: TranscriptLine
  selected: boolean
  onSelect: (turn_id: TurnId) => void
}) {
  const { turn_id } = line
  const note = noteOf(line)
  const body = (
    <>
      <span className={classes.who}>{WHO[line.who]}</span>
      <span className={classes.text}>
        <LineText line={line} />
      </span>
      <span className={classes.note}>{note}</span>
    </>
  )
  if (turn_id === undefined) return <div className={classes.line}>{body}</div>
  return (
    <button
      type="button"
      className={classes.line}
      data-selected={selected || undefined}
      aria-pressed={selected}
      title="Show this turn's JSON"
      onClick={() => onSelect(turn_id)}
    >
      {body}
    </button>
  )
})

function LineText({ line }: { line: TranscriptLine }) {
  switch (line.who) {
    case 'studio':
      return (
        <em className={classes.studio}>
          {line.tool && <IconTool size={13} className={classes.tool} aria-hidden />}
          {line.text}
        </em>
      )
    case 'caller':
      return line.interim ? <span className={classes.interim}>{line.text}</span> : line.text
    case 'agent':
      return (
        <>
          {line.spoken}
          {line.rest !== '' && line.state === 'speaking' && <span className={classes.toCome}>{line.rest}</span>}
          {line.rest !== '' && line.state !== 'speaking' && <del className={classes.cut}>{line.rest}</del>}
          {line.state === 'speaking' && <span className={classes.caret} aria-hidden />}
        </>
      )
  }
}

function noteOf(line: TranscriptLine): string {
  if (line.who === 'caller') {
    if (line.interim) return 'hearing…'
    if (line.took_ms !== undefined) return formatSeconds(line.took_ms)
    return line.typed ? 'typed' : ''
  }
  if (line.who === 'agent' && line.state === 'cut')
    return line.cut_after_ms === undefined ? 'cut' : `cut at ${formatSeconds(line.cut_after_ms)}`
  return line.who === 'agent' && line.state === 'lost' ? 'lost' : ''
}

const plainText = (line: TranscriptLine): string => (line.who === 'agent' ? line.spoken || line.rest : line.text)

/** Final lines are read out once each, politely; interim text and streaming are not. */
function Announcer({ lines }: { lines: readonly TranscriptLine[] }) {
  const last = lines.findLast((line) =>
    line.who === 'caller' ? !line.interim : line.who === 'studio' ? line.tool !== 'running' : line.state !== 'speaking',
  )
  const text = last ? `${WHO[last.who]} ${plainText(last)}` : ''
  const [announced, setAnnounced] = useState('')
  useEffect(() => setAnnounced(text), [text])
  return (
    <div className="visually-hidden" aria-live="polite" role="log">
      {announced}
    </div>
  )
}

import type { SessionView } from '../../../core/session/session-view.ts'

/** What reached an agent that has just joined is in the journal by then. */
const TOLD_MS = 1500
/** The agent takes no more of a line than it can use. */
const KNOWN_BY = 1000

type Line = Readonly<{ text: string; joins: number; /** How much of the journal was there before it. */ since: number }>

export type TypedLines = Readonly<{
  /** A line that goes through the room now; calling back forgets it. */
  sent: (text: string, view: SessionView) => () => void
  /** The call goes on: what its agent did not get is sent again. */
  told: (view: SessionView) => void
  close: () => void
}>

/**
 * A line that reaches the room between the death of an agent and its successor reaches nobody, and LiveKit keeps no text streams: so each one
 * is kept here until it stands in the journal, and goes by the host when an agent has joined that did not hear it.
 */
export function createTypedLines(sayByHost: (text: string) => void, wait_ms = TOLD_MS): TypedLines {
  let lines: readonly Line[] = []
  let joins = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const again = () => {
    timer = undefined
    const lost = lines.filter((line) => line.joins < joins)
    lines = lines.filter((line) => !lost.includes(line))
    for (const { text } of lost) sayByHost(text)
  }
  return {
    sent(text, view) {
      const line = { text, joins: joinsIn(view), since: view.events.length }
      lines = [...lines, line]
      return () => {
        lines = lines.filter((one) => one !== line)
      }
    },
    told(view) {
      if (lines.length === 0) return
      lines = lines.filter(({ text, since }) => !isHeard(view, text, since))
      joins = joinsIn(view)
      if (lines.some((line) => line.joins < joins)) timer ??= setTimeout(again, wait_ms)
    },
    close() {
      clearTimeout(timer)
      timer = undefined
      lines = []
    },
  }
}

/** How often an agent came into the room: the first one, its successors, and each again after an outage. */
const joinsIn = ({ events }: SessionView): number => events.filter(({ type }) => type === 'room.joined').length

/** What is typed while the caller speaks joins what was said. */
const isHeard = ({ events }: SessionView, text: string, since: number): boolean =>
  events.slice(since).some((event) => event.type === 'transcript.final' && event.text.includes(text.slice(0, KNOWN_BY)))

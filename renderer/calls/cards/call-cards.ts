import type { StudioError } from '../../../core/contract/errors.ts'
import type { JournalEvent } from '../../../core/contract/index.ts'
import { findProvider } from '../../../core/providers/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import type { AudioState } from '../media/call-audio.ts'
import { whatIfOf } from '../setup/what-if.ts'
import { recoveryWords } from './recovery-words.ts'

export type CardAction = 'retry_microphone' | 'use_text' | 'resume_sound' | 'open_models' | 'take_sound' | 'start_again'

/** Something that the person at the studio should know: what happened, why, and the way out. */
export type CallCard = Readonly<{
  /** The same for the same thing, so that it can be put away. */
  id: string
  tone: 'bad' | 'warn' | 'info'
  title: string
  text: string
  actions: readonly CardAction[]
}>

/** A call that was begun by text has no way for sound. */
export const TEXT_CALL_CARD: CallCard = {
  id: 'text-call',
  tone: 'info',
  title: 'This call was begun by text',
  text: 'It has no sound. To speak, start again with the microphone; what was said so far is kept in Calls.',
  actions: ['start_again'],
}

const SOURCE_LABEL = {
  stt: 'Speech-to-text',
  llm: 'Language model',
  tts: 'Text-to-speech',
  media: 'Sound',
  runtime: 'Session process',
  microphone: 'Microphone',
  output: 'Output',
  room: 'Room',
  tool: 'Tool',
  extension: 'Extension',
} as const

/** All that is worth a card now, most urgent first. */
export function callCards(
  view: SessionView | undefined,
  audio: AudioState | undefined,
  failure: StudioError | undefined,
): readonly CallCard[] {
  const what_if = whatIfOf(view)
  // What somebody asked for is told by the strip above.
  const asked = (event: JournalEvent) => event.type === 'provider.substituted' && what_if[event.kind] !== undefined
  const journal = freshEvents(view?.events ?? []).flatMap((event) => (asked(event) ? [] : (eventCard(event, audio) ?? [])))
  return [...failureCard(failure), ...audioCards(audio), ...latestOfEach(journal).reverse()]
}

/** What the call has got over is told for so many turns, and afterwards only by the events. */
const TOLD_FOR_TURNS = 2

/** The events of the last turns, those that the call did not get over, and of recoveries and connections the newest. */
function freshEvents(events: readonly JournalEvent[]): readonly JournalEvent[] {
  const ends = events.flatMap((event, index) => (event.type === 'turn.committed' ? [index] : []))
  const from = ends.at(-TOLD_FOR_TURNS) ?? 0
  const recovery = events.findLastIndex((event) => event.type === 'session.recovered')
  const connection = events.findLastIndex((event) => event.type === 'room.connection')
  return events.filter((event, index) => {
    if (event.type === 'session.error' && !event.recoverable) return index > recovery
    if (event.type === 'session.error' && event.source === 'runtime' && index < recovery) return false
    if (event.type === 'room.connection') return index === connection && index > recovery && (index >= from || isOut(event))
    return event.type === 'session.recovered' ? index === recovery && index >= from : index >= from
  })
}

const isOut = ({ state }: Extract<JournalEvent, { type: 'room.connection' }>): boolean => state !== 'reconnected'

const failureCard = (failure: StudioError | undefined): readonly CallCard[] =>
  failure
    ? [
        {
          id: `failure-${failure.message}`,
          tone: 'bad',
          title: failure.message,
          text: [failure.hint, ...failure.problems.map(({ path, message }) => `${path} ${message}`.trim())].join(' '),
          actions: [],
        },
      ]
    : []

function audioCards(audio: AudioState | undefined): readonly CallCard[] {
  if (!audio) return []
  const cards: CallCard[] = []
  if (audio.problem)
    cards.push({
      id: `microphone-${audio.problem.kind}`,
      tone: 'bad',
      title: audio.problem.message,
      text: audio.problem.hint,
      actions: ['retry_microphone', 'use_text'],
    })
  if (audio.blocked)
    cards.push({
      id: 'blocked',
      tone: 'warn',
      title: 'Sound waits for you',
      text: 'After a reload the browser wants one click or key press before it plays and records.',
      actions: ['resume_sound'],
    })
  if (audio.speaker_problem !== undefined)
    cards.push({
      id: 'speaker',
      tone: 'bad',
      title: 'The sound output could not be opened',
      text: `${audio.speaker_problem}. Check the system's sound output and start the call again; the conversation goes on as text.`,
      actions: [],
    })
  // A room tells what is wrong with it by itself (`roomCards`).
  if (audio.by === 'room') return cards
  if (audio.link === 'reconnecting')
    cards.push({
      id: 'link',
      tone: 'warn',
      title: 'The sound connection broke',
      text: 'Reconnecting; the call waits ten seconds for it.',
      actions: [],
    })
  if (audio.link === 'lost')
    cards.push({
      id: 'link-lost',
      tone: 'bad',
      title: 'The sound connection is lost',
      text: 'The call did not get it back within ten seconds. You can go on by text, or stop and start again.',
      actions: ['use_text'],
    })
  if (audio.link === 'replaced')
    cards.push({
      id: 'link-replaced',
      tone: 'info',
      title: 'The sound of this call is in another window',
      text: 'You can go on by text here, or bring the sound back.',
      actions: ['take_sound'],
    })
  return cards
}

function eventCard(event: JournalEvent, audio: AudioState | undefined): CallCard | undefined {
  switch (event.type) {
    case 'session.error':
      // The page's own microphone problem is already shown from the source.
      if (event.source === 'microphone' && audio?.problem?.message === event.error.message) return undefined
      return {
        id: `error-${event.source}-${event.error.message}`,
        tone: event.recoverable ? 'warn' : 'bad',
        title: `${SOURCE_LABEL[event.source]}: ${event.error.message}`,
        text: [
          event.error.hint,
          ...event.error.problems.map(({ message }) => message),
          event.recoverable ? 'The call goes on.' : '',
        ]
          .filter(Boolean)
          .join(' '),
        actions: isProvider(event.source) ? ['open_models'] : [],
      }
    case 'provider.substituted':
      return substitutedCard(event)
    case 'session.recovered':
    case 'room.connection':
      return {
        id: event.type === 'session.recovered' ? `recovered-${event.attempt}` : `connection-${event.attempt}.${event.seq}`,
        ...recoveryWords(event),
        actions: [],
      }
    case 'notice':
      return {
        id: `notice-${event.text}`,
        tone: event.level === 'warning' ? 'warn' : 'info',
        title: event.text,
        text: '',
        actions: [],
      }
    default:
      return undefined
  }
}

/** Hearing and speaking are both replaced for one reason, and one word about it is enough. */
function substitutedCard({ kind, asked, used, reason, hint }: Substituted): CallCard {
  const [provider = asked] = asked.split(' ')
  const speech = kind !== 'llm' && findProvider(kind, provider)?.needs.kind === 'models'
  return {
    id: speech ? 'substituted-speech' : `substituted-${kind}-${asked}`,
    tone: 'info',
    title: speech
      ? 'Stand-ins hear and speak instead of the built-in speech'
      : `${SOURCE_LABEL[kind]}: ${used} answers instead of ${asked}`,
    text: `${reason} ${hint}`,
    actions: ['open_models'],
  }
}
type Substituted = Extract<JournalEvent, { type: 'provider.substituted' }>

const isProvider = (source: keyof typeof SOURCE_LABEL): boolean => source === 'stt' || source === 'llm' || source === 'tts'

/** A repeated failure is one card, at the place of its last occurrence. */
const latestOfEach = (cards: readonly CallCard[]): CallCard[] => [...new Map(cards.map((card) => [card.id, card])).values()]

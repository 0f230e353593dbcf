import type { StudioError } from '../../../core/contract/errors.ts'
import type { JournalEvent } from '../../../core/contract/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import type { AudioState } from '../media/call-audio.ts'

export type CardAction = 'retry_microphone' | 'use_text' | 'resume_sound' | 'open_models' | 'take_sound'

/** Something that the person at the studio should know: what happened, why, and the way out. */
export type CallCard = Readonly<{
  /** The same for the same thing, so that it can be put away. */
  id: string
  tone: 'bad' | 'warn' | 'info'
  title: string
  text: string
  actions: readonly CardAction[]
}>

const SOURCE_LABEL = {
  stt: 'Speech-to-text',
  llm: 'Language model',
  tts: 'Text-to-speech',
  media: 'Sound',
  runtime: 'Session process',
  microphone: 'Microphone',
  output: 'Output',
} as const

/** All that is worth a card now, most urgent first. */
export function callCards(
  view: SessionView | undefined,
  audio: AudioState | undefined,
  failure: StudioError | undefined,
): readonly CallCard[] {
  const journal = (view?.events ?? []).flatMap((event) => eventCard(event, audio) ?? [])
  return [...failureCard(failure), ...audioCards(audio), ...latestOfEach(journal).reverse()]
}

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
      return {
        id: `substituted-${event.kind}-${event.asked}`,
        tone: 'info',
        title: `${SOURCE_LABEL[event.kind]}: ${event.used} answers instead of ${event.asked}`,
        text: `${event.reason} ${event.hint}`,
        actions: ['open_models'],
      }
    case 'session.recovered':
      return {
        id: `recovered-${event.attempt}`,
        tone: 'warn',
        title: 'The session process ended and was replaced',
        text: `${event.reason} Nothing said is lost: the conversation goes on from its journal after ${(event.gap_ms / 1000).toFixed(1)} s.`,
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

const isProvider = (source: keyof typeof SOURCE_LABEL): boolean => source === 'stt' || source === 'llm' || source === 'tts'

/** A repeated failure is one card, at the place of its last occurrence. */
const latestOfEach = (cards: readonly CallCard[]): CallCard[] => [...new Map(cards.map((card) => [card.id, card])).values()]

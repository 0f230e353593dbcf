import type { AgentDocument } from '../../../core/agent/document.ts'
import { parseFieldType } from '../../../core/output/field-type.ts'
import { pick, type Random } from './seeded-random.ts'

/** What a caller said whom the rehearsal STT only heard: how long it was. */
export const spokenSeconds = (said: string): string | undefined => /^\[(\d+(?:\.\d+)?) s of speech\]$/.exec(said)?.[1]

const WHAT_ARE_YOU =
  /\b(who|what) are you\b|\bare you (?:an? |the )?(?:real|human|ai|a\.i\.|robot|bot|machine|person|llm|model)\b|\bwhich model\b/i

/** Says what it is when asked, takes up the caller's words, and asks for what the fields want to know. */
export function replyText(document: AgentDocument, said: string, turn: number, random: Random): string {
  if (WHAT_ARE_YOU.test(said)) {
    return `I am Greenroom's rehearsal, not an AI: I fill the fields of "${document.name}" and repeat your words, so that you can try the call. Choose a model in Voice and models for real answers.`
  }
  const question = followUp(document, turn, random)
  const seconds = spokenSeconds(said)
  if (seconds)
    return `I heard you speak for ${seconds} seconds, but rehearsal does not understand words. Type to me, or get the built-in speech. ${question}`
  if (said === '') return `Let us go on. ${question}`
  return `${taken(said, random)} ${question}`
}

const taken = (said: string, random: Random) => {
  const words = quoted(said)
  return pick(random, [`You said: "${words}".`, `I noted "${words}".`, `Thank you. "${words}", I have that.`])
}

/** The first sentence or so; a whole speech read back would bore. */
function quoted(said: string): string {
  const first = /^.*?[.!?](?=\s|$)/s.exec(said)?.[0] ?? said
  const words = first.replace(/[.!?]+$/, '').split(/\s+/)
  return words.length <= 14 ? words.join(' ') : `${words.slice(0, 14).join(' ')} and so on`
}

const CLOSERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  interview: ['Can you give me an example?', 'What was hard about it?'],
  support: ['Since when does that happen?', 'What have you tried so far?'],
  sales: ['What would help you most?', 'Who else decides about it?'],
  onboarding: ['Shall we go to the next step?', 'Is anything still unclear?'],
}
const ANY_CLOSER = ['What comes to your mind next?', 'Can you tell me more?'] as const

/** Asks in turn about each field that a caller could tell something about, and for more in between. */
function followUp({ schema_config, tts_config, agent_type }: AgentDocument, turn: number, random: Random): string {
  const topics = schema_config.fields.flatMap((field) => {
    const own =
      field.field_name === schema_config.spoken_field ||
      field.field_name === tts_config.instruction_field ||
      field.metadata.hidden
    const type = parseFieldType(field.field_type)
    const askable = type.ok && (type.type.kind === 'str' || type.type.kind === 'list' || type.type.kind === 'literal')
    return own || !askable ? [] : [field.field_name.replaceAll('_', ' ')]
  })
  const topic = topics[turn % (topics.length + 1)]
  if (topic === undefined) return pick(random, CLOSERS[agent_type] ?? ANY_CLOSER)
  return pick(random, [`What can you tell me about the ${topic}?`, `Let us turn to the ${topic}: what should I know?`])
}

import { llm } from '@livekit/agents'
import { expect, test } from 'vitest'
import { AgentDocument } from '../../core/agent/document.ts'
import { TurnId } from '../../core/contract/ids.ts'
import { createMemory } from './memory.ts'
import { recoverySentence } from './recovery-sentence.ts'

const said = (id: string, role: 'user' | 'assistant', turn_id?: string) =>
  llm.ChatMessage.create({ id, role, content: id, ...(turn_id && { extra: { turn_id } }) })
const turn = (number: number, source: 'voice' | 'resume' | 'handoff' = 'voice') => ({
  turn_id: TurnId.parse(`01900001-0000-7000-8000-00000000000${number}`),
  source,
})
const textsOf = (messages: readonly llm.ChatMessage[]) => messages.map(({ textContent }) => textContent)

test('an agent that begins anew knows nothing of before; a reply that is under way still knows what it answers', () => {
  const memory = createMemory()
  const [old, next] = [turn(1), turn(2)]
  const before = [said('u1', 'user'), said('a1', 'assistant', 'other'), said('u2', 'user')]
  expect(textsOf(memory.of(old, before))).toEqual(['u1', 'a1', 'u2'])
  memory.clear(['u1', 'a1', 'u2', old.turn_id])
  expect(textsOf(memory.of(old, before))).toEqual(['u1', 'a1', 'u2'])
  // Its words are known only now, and are not for the new agent.
  const after = [...before, said('a2', 'assistant', old.turn_id), said('u3', 'user')]
  expect(textsOf(memory.of(next, after))).toEqual(['u3'])
  memory.clear(['u3', next.turn_id])
  expect(textsOf(memory.of(next, after))).toEqual(['u3'])
  expect(textsOf(memory.of(turn(3), [...after, said('u4', 'user')]))).toEqual(['u4'])
})

test('an agent that speaks unasked is asked to, and one that is back answers what was said last', () => {
  const memory = createMemory()
  const history = [said('u1', 'user'), said('sorry', 'assistant', 'x')]
  expect(textsOf(memory.of(turn(1, 'resume'), history))).toEqual(['u1'])
  const takeover = memory.of(turn(2, 'handoff'), history)
  expect(takeover).toHaveLength(3)
  expect(takeover.at(-1)?.role).toBe('user')
})

test('sorry is said in the language of the agent, in its own words, or not at all', () => {
  const sentence = (rest: object) =>
    recoverySentence(AgentDocument.parse({ agent_id: 'ada', name: 'Ada', prompt_config: { instructions: 'x' }, ...rest }))
  expect(sentence({})).toContain('Sorry')
  expect(sentence({ stt_config: { language: 'de-AT' } })).toContain('Entschuldigung')
  expect(sentence({ stt_config: { language: 'xx' } })).toContain('Sorry')
  expect(sentence({ turn_config: { recovery_sentence: 'Back.' } })).toBe('Back.')
  expect(sentence({ turn_config: { recovery_sentence: '' } })).toBe('')
})

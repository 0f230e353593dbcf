import { expect, test } from 'vitest'
import { peopleWords } from './people-words.ts'

const person = { identity: 'x', isLocal: false, isAgent: false, isSpeaking: false, attributes: {} }

test('everybody is told by name and by what they do, oneself first', () => {
  expect(
    peopleWords([
      { ...person, name: 'Ana', isSpeaking: true },
      { ...person, isAgent: true, attributes: { 'lk.agent.state': 'thinking' } },
      { ...person },
      { ...person, isLocal: true, name: 'Ben' },
    ]),
  ).toEqual(['Ben (you)', 'The agent is thinking', 'Ana is speaking', 'Somebody'])
})

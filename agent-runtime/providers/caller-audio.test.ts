import { expect, test } from 'vitest'
import { UP_SAMPLE_RATE } from '../../core/contract/media.ts'
import { createCallerAudio } from './caller-audio.ts'

const seconds = (count: number, sample: number) => [new Int16Array(count * UP_SAMPLE_RATE).fill(sample)]

test('nothing is kept unless somebody wants it, and all is forgotten when nobody does any more', () => {
  const audio = createCallerAudio()
  audio.keep('Hello.', seconds(1, 1))
  audio.assign('m0', 'Hello.')
  expect(audio.of('m0')).toBeUndefined()
  const [one, other] = [audio.want(), audio.want()]
  audio.keep('Hello.', seconds(1, 1))
  audio.assign('m1', 'Hello.')
  one()
  one()
  expect(audio.wanted()).toBe(true)
  expect(audio.of('m1')).toHaveLength(UP_SAMPLE_RATE)
  other()
  expect(audio.wanted()).toBe(false)
  expect(audio.of('m1')).toBeUndefined()
})

test('a message has the utterances that it is made of, and no other', () => {
  const audio = createCallerAudio()
  audio.want()
  audio.keep('Never answered.', seconds(1, 9))
  audio.keep('I think', seconds(1, 1))
  audio.keep(' it is blue. ', seconds(2, 2))
  audio.keep('Or red.', seconds(1, 3))
  audio.assign('m1', 'I think it is blue.')
  audio.assign('typed', 'Or green.')
  audio.assign('m2', 'Or red.')
  expect([...new Set(audio.of('m1'))]).toEqual([1, 2])
  expect(audio.of('typed')).toBeUndefined()
  expect([...new Set(audio.of('m2'))]).toEqual([3])
  // Said again, it is another sound.
  audio.keep('Or red.', seconds(1, 4))
  audio.assign('m3', 'Or red.')
  expect([...new Set(audio.of('m3'))]).toEqual([4])
})

test('no more than a minute is kept, and a message is whole or not there', () => {
  const audio = createCallerAudio()
  audio.want()
  audio.keep('One', seconds(20, 1))
  audio.keep('two', seconds(20, 2))
  audio.assign('m1', 'One two')
  audio.keep('Three', seconds(15, 3))
  audio.assign('m2', 'Three')
  expect(audio.of('m1')).toHaveLength(40 * UP_SAMPLE_RATE)
  audio.keep('Four', seconds(10, 4))
  expect(audio.of('m1')).toBeUndefined()
  expect(audio.of('m2')).toHaveLength(15 * UP_SAMPLE_RATE)
  audio.keep('A very long speech', seconds(61, 5))
  audio.assign('m3', 'A very long speech')
  expect([audio.of('m2'), audio.of('m3')]).toEqual([undefined, undefined])
})

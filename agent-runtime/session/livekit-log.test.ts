import { expect, test } from 'vitest'
import { readLine } from './livekit-log.ts'

test('what nobody can do anything about stays out of the way; what people said stays out of the log', () => {
  const line = (msg: string) => readLine(JSON.stringify({ level: 40, msg, attempt: 2, 'lk.pii.user_input': 'my secret' }))
  expect(line('TTS task failed before resolving timedTextsFut')[0]).toBe('debug')
  expect(line('SegmentSynchronizerImpl.markPlaybackFinished called before text/audio input is done')[0]).toBe('debug')
  expect(line('the provider was slow')).toEqual(['warn', 'the provider was slow {"attempt":2}'])
})

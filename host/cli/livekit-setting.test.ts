import { expect, test } from 'vitest'
import { tellLiveKit } from './livekit-setting.ts'

const keys = { LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 'very secret' }

test('the start of a server says which LiveKit it has, or which settings are missing, and never a secret', () => {
  expect(tellLiveKit({ LIVEKIT_URL: 'wss://user:pass@lk.example/', ...keys })).toBe('LiveKit: wss://lk.example')
  expect(tellLiveKit({})).toBe('LiveKit: none in the environment; for calls set LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET')
  expect(tellLiveKit({ LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: ' ' })).toBe(
    'LiveKit: not whole in the environment; for calls set LIVEKIT_API_SECRET',
  )
})

test.each(['htp:/x', 'lk.example', 'lk.example:7880', 'postgres://u:hunter2@lk.example'])('%s is refused at the start', (url) => {
  expect(() => tellLiveKit({ LIVEKIT_URL: url, ...keys })).toThrow(
    expect.objectContaining({
      code: 'malformed',
      message: expect.not.stringContaining('hunter2'),
      hint: expect.stringContaining('wss://'),
    }),
  )
})

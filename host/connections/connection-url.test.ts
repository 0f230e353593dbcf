import { expect, test } from 'vitest'
import { parseServerAddress } from './connection-url.ts'

test.each([
  ['wss://my-project.livekit.cloud', 'wss://my-project.livekit.cloud'],
  [' https://my-project.livekit.cloud/ ', 'wss://my-project.livekit.cloud'],
  ['my-project.livekit.cloud', 'wss://my-project.livekit.cloud'],
  ['http://my-project.livekit.cloud', 'wss://my-project.livekit.cloud'],
  ['livekit.example.org:8443/sfu/', 'wss://livekit.example.org:8443/sfu'],
  ['wss://livekit.example.org/rtc', 'wss://livekit.example.org'],
  ['localhost:7880', 'ws://localhost:7880'],
  ['http://127.0.0.1:7880', 'ws://127.0.0.1:7880'],
  ['[::1]:7880', 'ws://[::1]:7880'],
])('%s is %s', (text, url) => {
  expect(parseServerAddress(text)).toEqual({ url })
})

test.each(['ws://livekit.example.org', '192.168.1.20:7880'])('%s works, with a warning that it is not encrypted', (text) => {
  expect(parseServerAddress(text).warning).toMatch('not encrypted')
})

test.each([
  ['', 'not the address'],
  ['wss://', 'not the address'],
  ['ftp://livekit.example.org', 'not the address'],
  ['C:\\livekit', 'not the address'],
  ['wss://key:s3cret@livekit.example.org', 'name or a password'],
  ['https://cloud.livekit.io/projects/p_123', 'dashboard'],
])('%j is refused clearly', (text, why) => {
  expect(() => parseServerAddress(text)).toThrow(why)
  expect(() => parseServerAddress(text)).not.toThrow('s3cret')
})

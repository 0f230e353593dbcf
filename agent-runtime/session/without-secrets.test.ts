import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SessionId, TurnId } from '../../core/contract/ids.ts'
import { FromRuntime, type ToRuntime } from '../../core/contract/runtime.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { HostChannel } from './host-channel.ts'
import { withoutSecrets } from './without-secrets.ts'

const KEY = 'sk-test/abc"123'
const session_id = SessionId.parse('01890000-0000-7000-8000-000000000001')
const turn_id = TurnId.parse('01890000-0000-7000-8000-0000000000aa')

function open(key = KEY) {
  const sent: FromRuntime[] = []
  let receive: (message: unknown) => void = () => {}
  const channel: HostChannel = {
    send: (message) => void sent.push(message),
    onMessage: (listener) => void (receive = (message) => listener(message, undefined)),
    onClose: () => {},
  }
  const clean = withoutSecrets(channel)
  clean.onMessage(() => {})
  const check: ToRuntime = { type: 'check', check_id: '1', kind: 'llm', content: {}, secrets: { 'env:KEY': key }, engines: {} }
  receive(check)
  return { clean, sent }
}
const events = (...list: SessionEvent[]): FromRuntime => ({ type: 'events', session_id, events: list })
const piece = (text: string): SessionEvent => ({ at_ms: 1, type: 'field.delta', turn_id, field: 'system_response', text })
const done: SessionEvent = {
  at_ms: 2,
  at: 2,
  attempt: 1,
  seq: 1,
  type: 'field.done',
  turn_id,
  field: 'system_response',
  value: '',
  problems: [],
}
const textOf = (sent: readonly FromRuntime[]) =>
  sent
    .flatMap((message) => (message.type === 'events' ? message.events : []))
    .flatMap((event) => (event.type === 'field.delta' ? event.text : []))
    .join('')

test('a key is struck out as it stands, in JSON and in an address', () => {
  const { clean, sent } = open()
  clean.send({
    type: 'log',
    level: 'warn',
    text: `refused ${KEY}; ${JSON.stringify({ KEY })}; GET /?key=${encodeURIComponent(KEY)}`,
  })
  const said = JSON.stringify(sent)
  for (const spelling of ['sk-test/abc', encodeURIComponent(KEY)]) expect(said).not.toContain(spelling)
  expect(FromRuntime.parse(sent[0])).toMatchObject({ type: 'log' })
})

test('a key is struck out however a stream cuts it, and nothing else is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(KEY), fc.string(), fc.constant(KEY.slice(0, 5))), { maxLength: 6 }),
      fc.array(fc.nat(9), { minLength: 1 }),
      (parts, cuts) => {
        const { clean, sent } = open()
        const text = parts.join('')
        for (let at = 0, index = 0; at < text.length; index++) {
          const length = 1 + (cuts[index % cuts.length] ?? 0)
          clean.send(events(piece(text.slice(at, at + length))))
          at += length
        }
        clean.send(events(done))
        expect(textOf(sent)).toBe(text.replaceAll(KEY, '[key]'))
      },
    ),
  )
})

test('a word that stands in for a key neither garbles what is told nor ends the call', () => {
  for (const key of ['ollama', 'lm-studio', 'events', 'field.delta', 'system_response']) {
    const { clean, sent } = open(key)
    const told = events(piece(`I am ollama. `), { ...done, value: 'lm-studio' })
    expect(() => clean.send(told), key).not.toThrow()
    expect(JSON.stringify(sent), key).toContain('I am ollama. ')
    expect(JSON.stringify(sent), key).toContain('lm-studio')
  }
})

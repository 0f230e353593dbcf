import { EventEmitter } from 'node:events'
import { DisconnectReason, ParticipantKind, RoomEvent } from '@livekit/rtc-node'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRoomPeople } from './room-people.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Person = ReturnType<typeof person>
const person = (identity: string, kind = ParticipantKind.STANDARD, attributes: Record<string, string> = {}) => ({
  identity,
  kind,
  attributes,
  name: undefined,
  metadata: '',
  disconnectReason: undefined as DisconnectReason | undefined,
})

/** A room in which people come and go as the test says. */
class FakeRoom extends EventEmitter {
  remoteParticipants = new Map<string, Person>()
  localParticipant = person('agent-1', ParticipantKind.AGENT)
  come(one: Person) {
    this.remoteParticipants.set(one.identity, one)
    this.emit(RoomEvent.ParticipantConnected, one)
    return one
  }
  go(one: Person, reason?: DisconnectReason) {
    this.remoteParticipants.delete(one.identity)
    this.emit(RoomEvent.ParticipantDisconnected, { ...one, disconnectReason: reason })
  }
}

function open(named?: string) {
  const told: string[] = []
  const room = new FakeRoom()
  const people = createRoomPeople(named, {
    journal: ({ change, identity, caller }) => told.push(`${identity} ${change}${caller ? ' (caller)' : ''}`),
    onCaller: ({ identity }) => told.push(`listens to ${identity}`),
    onAway: () => told.push('away'),
    onLost: (reason) => told.push(reason),
  })
  // @ts-expect-error -- as much of a room as is looked at
  people.watch(room)
  // @ts-expect-error -- as much of a room as is looked at
  const look = () => people.look(room)
  return { people, room, told, look }
}

test('the first person is the caller; an agent, a recorder or an avatar never is', () => {
  const { room, told, look } = open()
  look()
  room.come(person('agent-2', ParticipantKind.AGENT))
  room.come(person('recorder', ParticipantKind.EGRESS))
  room.come(person('avatar', ParticipantKind.STANDARD, { 'lk.publish_on_behalf': 'agent-2' }))
  room.come(person('phone', ParticipantKind.SIP))
  room.come(person('guest'))
  expect(told).toEqual([
    'agent-2 joined',
    'recorder joined',
    'avatar joined',
    'phone joined (caller)',
    'listens to phone',
    'guest joined',
  ])
})

test('who writes without end about themselves does not fill the journal', () => {
  const journaled: { metadata?: string | undefined }[] = []
  const room = new FakeRoom()
  const people = createRoomPeople('ana', {
    journal: (event) => journaled.push(event),
    onCaller: () => undefined,
    onAway: () => undefined,
    onLost: () => undefined,
  })
  // @ts-expect-error -- as much of a room as is looked at
  people.watch(room)
  // @ts-expect-error -- as much of a room as is looked at
  people.look(room)
  const guest = room.come({ ...person('guest'), metadata: 'x'.repeat(64_000) })
  for (let count = 0; count < 5000; count++) room.emit(RoomEvent.ParticipantMetadataChanged, '', guest)
  expect(journaled).toHaveLength(2000)
  expect(journaled.filter(({ metadata }) => metadata !== undefined)).toHaveLength(200)
  people.close()
})

test('who was named is waited for, whoever else is there', () => {
  const { room, told, look } = open('ana')
  room.come(person('guest'))
  look()
  expect(told).toEqual(['guest joined'])
  room.come(person('ana'))
  expect(told.slice(1)).toEqual(['ana joined (caller)', 'listens to ana'])
})

test.each([
  ['CLIENT_INITIATED', 'caller_left'],
  ['PARTICIPANT_REMOVED', 'caller_left'],
  ['ROOM_DELETED', 'room_closed'],
] as const)('a caller who goes by %s ends the call at once: %s', (reason, over) => {
  const { room, told, look } = open()
  look()
  const ana = room.come(person('ana'))
  room.go(ana, DisconnectReason[reason])
  expect(told.at(-1)).toBe(over)
})

test('a caller whose connection is lost is waited for, and not for ever', () => {
  const { people, room, told, look } = open()
  look()
  const ana = room.come(person('ana'))
  room.go(ana, DisconnectReason.STATE_MISMATCH)
  expect(told.at(-1)).toBe('away')
  expect(people.isAway()).toBe(true)
  vi.advanceTimersByTime(15_000)
  room.come(person('guest'))
  room.come(person('ana'))
  expect(told.at(-1)).toBe('listens to ana')
  vi.advanceTimersByTime(60_000)
  room.go(ana)
  vi.advanceTimersByTime(19_999)
  expect(told.at(-1)).toBe('away')
  vi.advanceTimersByTime(1)
  expect(told.at(-1)).toBe('connection_lost')
})

test('a caller whom the server has given up was waited for by the server already, unless the agent itself was cut off', () => {
  const { people, room, told, look } = open()
  look()
  const ana = room.come(person('ana'))
  room.go(ana, DisconnectReason.CONNECTION_TIMEOUT)
  vi.advanceTimersByTime(1999)
  expect(told.at(-1)).toBe('away')
  const again = room.come(person('ana'))
  people.blind()
  look()
  room.go(again, DisconnectReason.CONNECTION_TIMEOUT)
  vi.advanceTimersByTime(19_000)
  expect(told.at(-1)).toBe('away')
  vi.advanceTimersByTime(1000)
  expect(told.at(-1)).toBe('connection_lost')
})

test('while the agent is cut off, nobody is taken for gone; who is there afterwards is linked anew', () => {
  const { people, room, told, look } = open()
  look()
  const ana = room.come(person('ana'))
  people.blind()
  room.go(ana)
  expect(told.at(-1)).toBe('ana left (caller)')
  const again = room.come(person('ana'))
  look()
  expect(told.slice(-2)).toEqual(['ana joined (caller)', 'listens to ana'])
  people.blind()
  room.go(again)
  look()
  expect(told.at(-1)).toBe('away')
})

test('the host says who is listened to; somebody who is not there changes nothing', () => {
  const { people, room, told, look } = open()
  look()
  room.come(person('ana'))
  room.come(person('bob'))
  people.listenTo('nobody')
  expect(people.caller()?.identity).toBe('ana')
  people.listenTo('bob')
  expect(told.slice(-3)).toEqual(['ana changed', 'bob changed (caller)', 'listens to bob'])
})

test('nobody comes: the call ends', () => {
  const { told, look } = open()
  look()
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual(['connection_lost'])
})

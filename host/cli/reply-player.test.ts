import { expect, test } from 'vitest'
import type { MediaUp } from '../../core/contract/media.ts'
import { createReplyPlayer } from './reply-player.ts'

const audio = (segment: number, samples: number, value = 1): Buffer => {
  const message = Buffer.alloc(4 + samples * 2)
  message.writeUInt32LE(segment, 0)
  for (let index = 0; index < samples; index++) message.writeInt16LE(value, 4 + index * 2)
  return message
}

function start() {
  const sent: MediaUp[] = []
  const player = createReplyPlayer((message) => sent.push(message))
  player.tick(0)
  return { sent, player }
}

test('plays in real time, and answers a segment once it was played to its end', () => {
  const { sent, player } = start()
  player.receive(audio(1, 2400))
  player.tick(50)
  player.command({ type: 'flush', segment: 1 })
  player.tick(90)
  expect(sent).toEqual([{ type: 'started', segment: 1, at: 50 }])
  player.tick(110)
  expect(sent[1]).toEqual({ type: 'finished', segment: 1, position_ms: 100, interrupted: false })
  expect(player.heard()).toHaveLength(2400)
})

test('a cleared segment is answered with what was really played, and nothing of it is heard later', () => {
  const { sent, player } = start()
  player.receive(audio(1, 24_000))
  player.tick(30)
  player.command({ type: 'clear', segment: 1 })
  player.receive(audio(1, 2400))
  player.command({ type: 'clear', segment: 1 })
  player.tick(1000)
  expect(sent.slice(1)).toEqual([{ type: 'finished', segment: 1, position_ms: 30, interrupted: true }])
  expect(player.heard()).toHaveLength(720)
})

test('segments follow each other; one without any audio is answered too', () => {
  const { sent, player } = start()
  player.receive(audio(1, 240, 1))
  player.receive(audio(2, 240, 2))
  player.command({ type: 'flush', segment: 1 })
  player.command({ type: 'flush', segment: 2 })
  player.command({ type: 'flush', segment: 3 })
  player.tick(25)
  expect(sent.map(({ type, ...rest }) => `${type} ${'segment' in rest ? rest.segment : ''}`)).toEqual([
    'started 1',
    'finished 1',
    'started 2',
    'finished 2',
    'finished 3',
  ])
  expect([...player.heard()].filter((value) => value === 2)).toHaveLength(240)
})

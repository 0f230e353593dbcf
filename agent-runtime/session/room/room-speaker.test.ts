import { AudioFrame } from '@livekit/rtc-node'
import { voice } from '@livekit/agents'
import { expect, test } from 'vitest'
import { routeLiveKitLog } from '../livekit-log.ts'
import { RoomSpeaker } from './room-speaker.ts'

routeLiveKitLog(() => undefined)
const FRAME = 480
const frame = () => new AudioFrame(new Int16Array(FRAME).fill(1000), 24_000, 1, FRAME)

function openSpeaker() {
  const told: string[] = []
  const speaker = new RoomSpeaker(() => {
    told.push('segment')
    return { begun: () => told.push('begun'), over: () => told.push('over') }
  })
  const finished: { playbackPosition: number; interrupted: boolean }[] = []
  speaker.on(voice.AudioOutput.EVENT_PLAYBACK_FINISHED, (event: (typeof finished)[number]) => finished.push(event))
  const say = async (frames: number) => {
    for (let index = 0; index < frames; index++) {
      // @ts-expect-error -- built declarations name the CommonJS twin of this class; at run time it is the same
      await speaker.captureFrame(frame())
    }
  }
  return { speaker, told, finished, say }
}

test('a segment that is played to its end is finished once, with its whole length', async () => {
  const { speaker, told, finished, say } = openSpeaker()
  await say(20)
  speaker.flush()
  await speaker.waitForPlayout()
  expect(finished).toEqual([{ playbackPosition: expect.closeTo(0.4, 5) as number, interrupted: false }])
  expect(told).toEqual(['segment', 'begun', 'over'])
  speaker.clearBuffer()
  expect(finished).toHaveLength(1)
  await speaker.close()
})

test('what is cut was heard up to the sample that left last', async () => {
  const { speaker, finished, say } = openSpeaker()
  await say(40)
  const queued_ms = speaker.source.queuedDuration
  speaker.clearBuffer()
  await speaker.waitForPlayout()
  expect(finished).toHaveLength(1)
  expect(finished[0]?.interrupted).toBe(true)
  expect(finished[0]?.playbackPosition).toBeCloseTo(0.8 - queued_ms / 1000, 1)
  expect(finished[0]?.playbackPosition).toBeLessThan(0.8)
  expect(speaker.source.queuedDuration).toBe(0)
  await speaker.close()
})

test('while nobody could hear it, speech waits; what is cut while it waits was not heard at all', async () => {
  const { speaker, told, finished, say } = openSpeaker()
  speaker.hold(true)
  const saying = say(5)
  await new Promise((resolve) => setImmediate(resolve))
  expect(told).toEqual(['segment'])
  speaker.hold(false)
  await saying
  expect(told).toEqual(['segment', 'begun'])
  speaker.flush()
  await speaker.waitForPlayout()
  speaker.hold(true)
  const unheard = say(1)
  await new Promise((resolve) => setImmediate(resolve))
  speaker.clearBuffer()
  expect(finished.at(-1)).toEqual({ playbackPosition: 0, interrupted: true })
  speaker.hold(false)
  await unheard
  await speaker.close()
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { startOpenAiServer, type OpenAiTestServer } from '../providers/testing/openai-server.ts'
import { seededRandom } from '../providers/rehearsal/seeded-random.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess, type TestCall } from './testing/runtime-process.ts'
import { openTestPage, type TestPage } from './testing/test-page.ts'

const ROUNDS = Number(process.env['GREENROOM_FUZZ_ROUNDS'] ?? 1)
const CALLS_AT_ONCE = 5
const STEPS = 8

let engine: StartedEngine
let runtime: RuntimeProcess
let slowEar: OpenAiTestServer
let words: Int16Array
let long: Int16Array
beforeAll(async () => {
  ;[engine, runtime, slowEar] = await Promise.all([
    newAddress().then((address) => startEngine('espeak', address)),
    startRuntime(),
    startOpenAiServer({ transcription_ms: 700, transcripts: Array.from({ length: 999 }, (_, index) => `Utterance ${index}.`) }),
  ])
  words = await callerVoice(engine.address, 'Excuse me please.')
  long = await callerVoice(engine.address, 'Excuse me, may I say something about that?')
})
afterAll(async () => {
  await runtime.stop()
  engine.child.kill()
  await slowEar.close()
})

const agent = (heard_by: 'rehearsal' | 'slow ear') => ({
  ...interviewAgent,
  stt_config:
    heard_by === 'rehearsal'
      ? { provider: 'rehearsal' }
      : { provider: 'openai-compatible', base_url: slowEar.base_url, api_key: 'env:K', model: 'whisper' },
  llm_config: { provider: 'rehearsal', model: 'instant', tokens_per_second: 200 },
})

type Person = Readonly<{
  call: TestCall
  page: TestPage
  content: ReturnType<typeof agent>
  random: () => number
  typed: string[]
}>
type Deed = Readonly<{ name: string; act: (person: Person) => unknown }>

const type = ({ call, typed }: Person) => {
  const line = `Line ${typed.length}.`
  typed.push(line)
  call.say(line)
}
const DEEDS: readonly Deed[] = [
  { name: 'type', act: type },
  { name: 'type', act: type },
  { name: 'speak', act: ({ page }) => void page.speak(words) },
  { name: 'speak', act: ({ page }) => void page.speak(long) },
  {
    name: 'type twice',
    act: (person) => {
      type(person)
      type(person)
    },
  },
  { name: 'save', act: ({ call, content, random }) => call.configure(Math.ceil(random() * 1e6), content) },
  { name: 'stop', act: ({ call }) => call.send({ type: 'interrupt', session_id: call.session_id }) },
  {
    name: 'stop and type',
    act: (person) => {
      person.call.send({ type: 'interrupt', session_id: person.call.session_id })
      type(person)
    },
  },
  {
    name: 'type when the caller falls silent',
    act: async (person) => {
      const so_far = person.call.events.filter((event) => event.type === 'user.state' && event.state === 'listening').length
      await person.page.speak(words)
      await person.call.event('user.state', ({ state }) => state === 'listening', so_far + 1)
      type(person)
    },
  },
]

async function converse(seed: number, heard_by: 'rehearsal' | 'slow ear'): Promise<void> {
  const random = seededRandom(seed)
  const content = agent(heard_by)
  const call = runtime.start(content, {
    modality: 'voice',
    engines: { espeak: engine.address },
    secrets: { 'env:K': 'k' },
    script: Array.from({ length: 50 }, (_, index) => `Scripted ${index}.`),
  })
  await call.message('started')
  const person: Person = { call, page: await openTestPage(call.media_url), content, random, typed: [] }
  const done: string[] = []
  for (let step = 0; step < STEPS; step++) {
    const deed = DEEDS[Math.floor(random() * DEEDS.length)]!
    done.push(deed.name)
    await deed.act(person)
    await sleep(random() * 1200)
  }
  // The caller may still be in the middle of a word, but not begin again after the line: that would be breaking in.
  await person.page.speak(new Int16Array(0))
  type(person)
  const last = person.typed.at(-1)
  const story = () => `seed ${seed}, ${heard_by}: ${done.join(' · ')}\n${call.events.map(told).filter(Boolean).join('\n')}`
  await within(story, async () => {
    for (const line of person.typed) await call.event('transcript.final', ({ text }) => text === line)
    const { turn_id } = await call.event('transcript.final', ({ text }) => text === last)
    const answer = await call.event('turn.committed', (event) => event.turn_id === turn_id)
    if (answer.spoken === '') throw new Error('the last line has no answer')
  })
  await person.page.close()
  await call.end()
  check(call, story)
}

/** Each turn is over, its times are in order, and the words of every typed line stand in the conversation once. */
function check(call: TestCall, story: () => string): void {
  const started = call.events.flatMap((event) => (event.type === 'turn.started' ? [event.turn_id] : []))
  const committed = call.events.flatMap((event) => (event.type === 'turn.committed' ? [event] : []))
  expect(committed.map(({ turn_id }) => turn_id).toSorted(), story()).toEqual(started.toSorted())
  for (const { times } of committed) {
    const { t0, t1, t2, t3, t4, t5, t6 } = times
    const order = [t0, t1, t2, t3, t4, t5, t6].filter((time) => time !== undefined)
    expect(t0, story()).toBeDefined()
    expect(order, story()).toEqual(order.toSorted((a, b) => a - b))
  }
  const heard = call.events.flatMap((event) => (event.type === 'transcript.final' ? [event.text] : []))
  expect(new Set(heard).size, story()).toBe(heard.length)
}

/** A hang is told with what led to it. */
async function within(story: () => string, work: () => Promise<void>): Promise<void> {
  const over = new AbortController()
  const hang = sleep(90_000, undefined, { signal: over.signal }).then(() => {
    throw new Error(`not answered: ${story()}`)
  })
  hang.catch(() => {})
  await Promise.race([work(), hang]).catch((cause: unknown) => {
    throw new Error(`${String(cause)}\n${story()}`)
  })
  over.abort()
}

function told(event: TestCall['events'][number]): string {
  const at = event.at_ms.toFixed(0).padStart(6)
  switch (event.type) {
    case 'turn.started':
      return `${at} turn ${event.turn_id.slice(-4)} ${event.source}`
    case 'transcript.final':
      return `${at} heard ${event.turn_id.slice(-4)} ${event.text}`
    case 'turn.committed':
      return `${at} over ${event.turn_id.slice(-4)} ${event.interrupted ? 'cut' : 'whole'} "${event.spoken}" ${JSON.stringify(event.times)}`
    case 'user.state':
    case 'agent.state':
      return `${at} ${event.type} ${event.state}`
    case 'config.changed':
      return `${at} saved`
    case 'session.error':
      return `${at} error ${event.error.message}`
    default:
      return ''
  }
}

test('whatever is said, typed, saved and stopped at whatever moment: each typed line is answered, and no turn is left open', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const seeds = Array.from({ length: CALLS_AT_ONCE }, (_, index) => round * CALLS_AT_ONCE + index + 1)
    await Promise.all(seeds.map((seed) => converse(seed, seed % 2 ? 'slow ear' : 'rehearsal')))
  }
}, 600_000)

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HttpFailure, type ProviderFailureContext } from '../provider-failure.ts'
import { createChain, type Choice, type Fallback } from './chain.ts'
import { firstAnswer } from './first-answer.ts'

type Speaker = Readonly<{ context: ProviderFailureContext; say: (signal: AbortSignal) => AsyncIterable<string> }>

const choice = (label: string, say: Speaker['say']): Choice<Speaker> => ({
  port: { context: { kind: 'llm', name: label }, say },
  kind: 'llm',
  provider: label,
  model: '',
  label,
})
const says = (label: string, ...words: string[]) =>
  choice(label, async function* () {
    await sleep(0)
    yield* words
  })
const fails = (label: string, cause: unknown) =>
  choice(label, async function* () {
    yield* await Promise.reject<string[]>(cause instanceof Error ? cause : new Error(String(cause)))
  })
/** Does not heed its signal, but notes it. */
const deaf = (label: string, seen: string[]) =>
  choice(label, async function* (signal) {
    signal.addEventListener('abort', () => seen.push(`${label} cancelled`))
    yield await new Promise<string>(() => {})
  })

async function ask(chain: ReturnType<typeof createChain<Speaker>>, signal = new AbortController().signal) {
  const told: Fallback[] = []
  const words: string[] = []
  const failure: unknown = await firstAnswer<Speaker, string>(chain, {
    async ask({ port }, { signal: stop, give }) {
      for await (const word of port.say(stop)) give(word)
    },
    take: (word) => words.push(word),
    signal,
    tell: (fallback) => told.push(fallback),
  }).catch((cause: unknown) => cause)
  return { words, failure, told: told.map(({ from, to, reason }) => `${from} → ${to}: ${reason}`) }
}

test('one that fails, is silent for too long or says nothing is given up for the next', async () => {
  const seen: string[] = []
  const down = fails('a', new HttpFailure(503, 'Overloaded.'))
  expect(await ask(createChain([down, deaf('b', seen), says('c'), says('d', 'Hello', 'there')], 20))).toEqual({
    words: ['Hello', 'there'],
    failure: undefined,
    told: [
      'a → b: The LLM (a) has a fault of its own (503)',
      'b → c: The LLM (b) did not answer in time',
      'c → d: The LLM (c) answered with nothing',
    ],
  })
  expect(seen).toEqual(['b cancelled'])
})

test('one that failed is passed over for a while, and asked again when all have failed', async () => {
  let asked = 0
  const moody = choice('a', async function* () {
    if (++asked === 1) throw new HttpFailure(500, '')
    yield await Promise.resolve('A')
  })
  const other = says('b', 'B')
  const chain = createChain([moody, other])
  expect((await ask(chain)).words).toEqual(['B'])
  const second = await ask(chain)
  expect([second.words, second.told, asked]).toEqual([
    ['B'],
    ['a → b: It failed a moment ago. The LLM (a) has a fault of its own (500)'],
    1,
  ])
  chain.circuit.failed(other, 'down')
  expect((await ask(chain)).words).toEqual(['A'])
  expect((await ask(chain)).told).toEqual([])
})

test('after the first word nobody else is asked', async () => {
  const breaks = choice('a', async function* () {
    yield await Promise.resolve('Hel')
    throw new TypeError('terminated')
  })
  const { words, failure, told } = await ask(createChain([breaks, says('b', 'B')], 20))
  expect([words, told]).toEqual([['Hel'], []])
  expect(failure).toMatchObject({ body: { message: 'The LLM (a) broke off its answer' } })
})

test('the last one has no time limit here, and its failure is the one that is told', async () => {
  const slow = choice('a', async function* () {
    await sleep(60)
    yield 'Late'
  })
  expect((await ask(createChain([slow], 20))).words).toEqual(['Late'])
  const both = await ask(createChain([fails('a', new HttpFailure(500, '')), fails('b', new HttpFailure(402, ''))]))
  expect(both.failure).toMatchObject({ body: { message: 'The LLM (b) has no credit left (402)' } })
})

test('whoever stops listening is not told of failures', async () => {
  const stop = new AbortController()
  const asked = ask(createChain([deaf('a', []), says('b', 'B')], 60_000), stop.signal)
  stop.abort()
  expect(await asked).toEqual({ words: [], failure: undefined, told: [] })
})

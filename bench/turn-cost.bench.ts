import { createServer } from 'node:http'
import { once } from 'node:events'
import { v7 } from 'uuid'
import { initializeLogger, voice } from '@livekit/agents'
import { AgentDocument } from '../core/agent/document.ts'
import { SessionId } from '../core/contract/ids.ts'
import { SessionConfig, type SessionSpec } from '../core/contract/runtime.ts'
import type { SessionEvent, TurnTimes } from '../core/contract/session-events.ts'
import { applySessionEvent, emptySessionView, type SessionView } from '../core/session/session-view.ts'
import { RehearsalLLM, type Pace } from '../agent-runtime/providers/rehearsal/rehearsal-llm.ts'
import { startOpenAiServer } from '../agent-runtime/providers/testing/openai-server.ts'
import type { Call } from '../agent-runtime/session/call.ts'
import { startCall } from '../agent-runtime/session/start-call.ts'
import { createEndOfTurn } from '../agent-runtime/session/end-of-turn.ts'
import { openTestPage } from '../agent-runtime/session/testing/test-page.ts'
import type { Sample } from './measure.ts'

const TOKENS_PER_SECOND = 80
const PACE: Pace = { first_token_p50_ms: 0, first_token_p95_ms: 0, tokens_per_second: TOKENS_PER_SECOND }
/** Turns that are answered at the same time, so that one sample costs more than the clock's grain. */
const AT_ONCE = 10
const SAID = 'I have worked for three years on an audio engine, and it was written in Rust by a small team in Lahore.'

const structured = AgentDocument.parse({
  agent_id: 'bench',
  name: 'Bench',
  prompt_config: { instructions: 'Interview the caller.' },
  schema_config: {
    fields: [
      { field_name: 'stage', field_type: "Literal['intro', 'deep', 'end']" },
      { field_name: 'voice_instructions', field_type: 'str' },
      { field_name: 'system_response', field_type: 'str' },
      { field_name: 'credibility_score', field_type: 'int', constraints: { ge: 1, le: 5 } },
      { field_name: 'summary', field_type: 'str', constraints: { max_length: 200 } },
      { field_name: 'topics', field_type: 'list[str]', constraints: { max_items: 3 } },
    ],
  },
  llm_config: { provider: 'rehearsal', model: 'instant', tokens_per_second: TOKENS_PER_SECOND },
})

type Watch = Readonly<{
  emit: (events: readonly SessionEvent[]) => void
  committed: (turns: number) => Promise<TurnTimes>
  /** Of the turn that is open. */
  speaking: () => Promise<TurnTimes>
}>

/** What a host and a page do with the events, so that the cost counts: a message's text, read again, and the view of the call. */
function watchCall(session_id: SessionId): Watch {
  let view: SessionView = emptySessionView(session_id)
  let check = () => {}
  const until = <Found>(find: () => Found | undefined) =>
    new Promise<Found>((resolve) => {
      check = () => {
        const found = find()
        if (found !== undefined) resolve(found)
      }
      check()
    })
  const done = () => view.turns.filter(({ state }) => state === 'committed')
  return {
    emit(events) {
      const received: SessionEvent[] = JSON.parse(JSON.stringify(events))
      view = received.reduce(applySessionEvent, view)
      check()
    },
    committed: (turns) => until(() => (done().length >= turns ? done().at(-1)?.times : undefined)),
    speaking: () => until(() => view.turns.find(({ state, times }) => state === 'open' && times.t5 !== undefined)?.times),
  }
}

type Running = Readonly<{ call: Call; watch: Watch; said: { turns: number } }>

async function start(content: AgentDocument, modality: 'text' | 'voice' = 'text'): Promise<Running> {
  const session_id = SessionId.parse(v7())
  const watch = watchCall(session_id)
  const spec: SessionSpec = {
    session_id,
    attempt: 1,
    modality,
    config: SessionConfig.parse({ agent_id: content.agent_id, revision: 1, content, secrets: {}, engines: {} }),
    variables: {},
    script: [],
    seed: 1,
    history: [],
    turn_count: 0,
  }
  const call = await startCall(spec, {
    emit: watch.emit,
    ended: () => {},
    sync: () => {},
    handoff: () => {},
    askToken: () => {},
    endOfTurn: createEndOfTurn(),
  })
  return { call, watch, said: { turns: 0 } }
}

async function answer({ call, watch, said }: Running): Promise<TurnTimes> {
  await call.say(SAID)
  return watch.committed(++said.turns)
}

type Stock = Readonly<{ session: voice.AgentSession }>

async function startStock(): Promise<Stock> {
  const model = new RehearsalLLM({ document: structured, pace: PACE, seed: 1, model: 'instant' })
  const session = new voice.AgentSession({ llm: model, vad: null, turnHandling: { turnDetection: null }, userAwayTimeout: null })
  await session.start({ agent: new voice.Agent({ instructions: 'Interview the caller.' }), record: false })
  return { session }
}

const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / AT_ONCE
}

type Prepared = Readonly<{ ours: Sample; peer: Sample; close: () => Promise<void> }>

/**
 * P1: CPU of a turn, ms: ours with fields, validation, journal, messages to the host and the page's view of it; the peer a stock
 * `AgentSession` with the same LLM, which hands the raw JSON on. Both at 80 tokens/s, ten turns at a time.
 */
export async function turnCpuBench(): Promise<Prepared> {
  initializeLogger({ pretty: false, level: 'error' })
  const [calls, stock] = await Promise.all([
    Promise.all(Array.from({ length: AT_ONCE }, () => start(structured))),
    Promise.all(Array.from({ length: AT_ONCE }, () => startStock())),
  ])
  return {
    ours: () => cpuOf(() => Promise.all(calls.map(answer))),
    peer: () => cpuOf(() => Promise.all(stock.map(({ session }) => session.generateReply({ userInput: SAID }).waitForPlayout()))),
    close: async () => {
      await Promise.all([...calls.map(({ call }) => call.end('done')), ...stock.map(({ session }) => session.close())])
    },
  }
}

/**
 * P1, latency: ms from the moment when the LLM was asked until the first token of the reply has come through, less the same in a stock
 * session; there is no peer, because it is a difference. The LLM answers at once.
 */
export async function addedLatencyBench(): Promise<Readonly<{ ours: Sample; close: () => Promise<void> }>> {
  initializeLogger({ pretty: false, level: 'error' })
  const plain = AgentDocument.parse({
    ...structured,
    schema_config: { fields: [] },
    llm_config: { provider: 'rehearsal', model: 'instant' },
  })
  const ours = await start(plain)
  const model = new RehearsalLLM({ document: plain, pace: { ...PACE, tokens_per_second: 2000 }, seed: 1, model: 'instant' })
  const session = new voice.AgentSession({ llm: model, vad: null, turnHandling: { turnDetection: null }, userAwayTimeout: null })
  await session.start({ agent: new voice.Agent({ instructions: 'Interview the caller.' }), record: false })
  return {
    ours: async () => {
      const { t0 = 0, t4 = 0 } = await answer(ours)
      return t4 - t0 - (await stockFirstText(session))
    },
    close: async () => {
      await Promise.all([ours.call.end('done'), session.close()])
    },
  }
}

async function stockFirstText(session: voice.AgentSession): Promise<number> {
  const started = performance.now()
  const handle = session.generateReply({ userInput: SAID })
  const speaking = new Promise<number>((resolve) => {
    const listen = ({ newState }: voice.AgentStateChangedEvent) => {
      if (newState !== 'speaking') return
      session.off(voice.AgentSessionEventTypes.AgentStateChanged, listen)
      resolve(performance.now() - started)
    }
    session.on(voice.AgentSessionEventTypes.AgentStateChanged, listen)
  })
  await handle.waitForPlayout()
  return speaking
}

/**
 * P2: ms from the end of the caller's words until the first TTS frame, JSON against plain text of the same LLM at 80 tokens/s. What the
 * tokens of the keys before the spoken words take by themselves is taken off. A real page listens; the TTS is a tone over HTTP.
 */
export async function jsonAgainstPlainBench(): Promise<Prepared> {
  initializeLogger({ pretty: false, level: 'error' })
  const server = await startOpenAiServer()
  const remote = { provider: 'openai-compatible', base_url: server.base_url, model: 'tone' }
  const heard = {
    ...structured,
    stt_config: { provider: 'rehearsal' },
    tts_config: remote,
    turn_config: { turn_detection: 'vad' },
  }
  const spoken = { fields: [{ field_name: 'system_response', field_type: 'str' }] }
  const sides = await Promise.all(
    [spoken, { fields: [] }].map(async (schema_config) => {
      const running = await start(AgentDocument.parse({ ...heard, schema_config }), 'voice')
      return { running, page: await openPage(running.call) }
    }),
  )
  const [json, plain] = sides
  if (!json || !plain) throw new Error('two sides were started')
  const untilSpeech = async ({ running }: (typeof sides)[number]) => {
    await running.call.say(SAID)
    const { t0 = 0, t3 = 0, t5 = 0 } = await running.watch.speaking()
    // Nobody needs to hear it to the end.
    await running.call.interrupt()
    await running.watch.committed(++running.said.turns)
    return { first: t3 - t0, speech: t5 - t3 }
  }
  const keys = (tokensOf('{"system_response":"') * 1000) / TOKENS_PER_SECOND
  return {
    ours: async () => {
      const { first, speech } = await untilSpeech(json)
      return first + speech - keys
    },
    peer: async () => {
      const { first, speech } = await untilSpeech(plain)
      return first + speech
    },
    close: async () => {
      await Promise.all(sides.map(({ running }) => running.call.end('done')))
      await Promise.all(sides.map(({ page }) => page.close()))
      await server.close()
    },
  }
}

/** As the rehearsal LLM cuts its reply. */
const tokensOf = (text: string): number => (text.match(/\s?[\p{L}\p{N}_]{1,6}|\s?[^\p{L}\p{N}_]{1,2}/gu) ?? []).length

async function openPage(call: Call): ReturnType<typeof openTestPage> {
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    if ('setNoDelay' in socket) call.attachMedia(headers, head, Object(socket))
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return openTestPage(`ws://127.0.0.1:${Object(server.address()).port}/`)
}

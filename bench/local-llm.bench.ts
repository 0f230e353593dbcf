import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { initializeLogger, llm } from '@livekit/agents'
import { connectEngine } from '../agent-runtime/engines/engine-client.ts'
import type { GenerateRequest } from '../agent-runtime/engines/engine.ts'
import { llmFiles, pickLlm } from '../agent-runtime/engines/llm-files.ts'
import { newAddress, startEngine } from '../agent-runtime/engines/testing/start-engine.ts'
import { generationThreads } from '../agent-runtime/engines/threads.ts'
import { createBuiltinModel } from '../agent-runtime/providers/llm/builtin-model.ts'
import { builtinForm } from '../agent-runtime/providers/llm/builtin-request.ts'
import { createScript } from '../agent-runtime/providers/rehearsal/script.ts'
import { AgentDocument } from '../core/agent/document.ts'
import { loadBareLlm, type BareAnswer } from './bare-llm.ts'
import type { Sample } from './measure.ts'

const INSTRUCTIONS = 'You are a friendly interviewer. React to the answer in a few words, then ask one short question about it.'
const MAX_TOKENS = 40
const CONVERSATIONS = 10

const folder = () => process.env['GREENROOM_TEST_MODELS'] ?? ''

const document = (model: string) =>
  AgentDocument.parse({
    agent_id: 'bench',
    name: 'Bench',
    prompt_config: { instructions: INSTRUCTIONS },
    schema_config: {
      fields: [
        { field_name: 'voice_instructions', field_type: 'str' },
        { field_name: 'system_response', field_type: 'str' },
        { field_name: 'notes', field_type: 'str', constraints: { min_length: 150, max_length: 200 } },
      ],
    },
    llm_config: { provider: 'builtin', model, temperature: 0, max_tokens: MAX_TOKENS },
  })

/** What is said differs from round to round, so that it has to be read; both sides hear the same. */
const said = (round: number) => `In year number ${round + 10} I worked on audio engines in Rust, and before that on web pages.`

type Both = Readonly<{ ours: Sample; peer: Sample; close: () => Promise<void> }>

/**
 * The provider as a turn uses it (engine process, socket, LiveKit stream, JSON made of what is written) against node-llama-cpp called
 * bare in this process: same model, prompt, grammar, threads and sampling, the system message read beforehand on both sides.
 */
export async function localLlmBench(part: keyof BareAnswer): Promise<Both> {
  initializeLogger({ pretty: false, level: 'error' })
  const { name, path } = pickLlm(await llmFiles(folder()), '')
  const agent = document(name)
  const engine = await startEngine('llm', await newAddress(), folder())
  const client = connectEngine(engine.address)
  const scope = { seed: 1, script: createScript([]), engine: () => client, notice: () => undefined }
  const model = createBuiltinModel({ ...scope, document: agent, secrets: {}, engines: { llm: engine.address } })
  await model.warm?.(INSTRUCTIONS)
  const bare = await loadBareLlm(path, generationThreads())
  const form = builtinForm(agent)
  const asked = (round: number) =>
    form.request('', [
      { role: 'system', content: INSTRUCTIONS },
      { role: 'user', content: said(round) },
    ])
  await bare.read(historyOf(asked(0)).slice(0, -1))
  let [mine, theirs] = [0, 0]
  return {
    ours: async () => (await answered(model.open(), said(mine++)))[part],
    peer: async () => {
      const { messages, grammar = '', repeat_penalty = 1 } = asked(theirs++)
      return (await bare.answer(historyOf({ messages }), grammar, MAX_TOKENS, repeat_penalty))[part]
    },
    close: async () => {
      client.close()
      engine.child.kill()
      await engine.ended
    },
  }
}

async function answered(model: llm.LLM, text: string): Promise<BareAnswer> {
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'system', content: INSTRUCTIONS })
  chatCtx.addMessage({ role: 'user', content: text })
  const began = performance.now()
  let [first, tokens] = [0, 0]
  for await (const { delta, usage } of model.chat({ chatCtx })) {
    if (delta?.content) first ||= performance.now()
    tokens = usage?.completionTokens ?? tokens
  }
  return { first_token_ms: first - began, ms_per_token: (performance.now() - first) / Math.max(1, tokens - 1) }
}

const historyOf = ({ messages }: Pick<GenerateRequest, 'messages'>) =>
  messages.map(({ role, content }) =>
    role === 'assistant' ? { type: 'model' as const, response: [content] } : { type: role, text: content },
  )

/** MB of ten conversations with one shared model, against ten programs with one each. */
export async function sharedModelBench(): Promise<Both> {
  const { path } = pickLlm(await llmFiles(folder()), '')
  const running: ChildProcess[] = []
  return {
    ours: async () => {
      const engine = await startEngine('llm', await newAddress(), folder())
      running.push(engine.child)
      const client = connectEngine(engine.address)
      const one = (index: number) => drain(client.generate(hello(`call ${index}`)))
      await Promise.all(Array.from({ length: CONVERSATIONS }, (_, index) => one(index)))
      const memory = privateMegabytes(engine.child.pid)
      client.close()
      await ended(engine.child)
      return memory
    },
    peer: async () => {
      const child = fork(fileURLToPath(new URL('bare-llm.ts', import.meta.url)), [path])
      running.push(child)
      await once(child, 'message')
      const memory = privateMegabytes(child.pid)
      await ended(child)
      return memory * CONVERSATIONS
    },
    close: async () => running.forEach((child) => child.kill()),
  }
}

const hello = (conversation: string): GenerateRequest => ({
  model: '',
  conversation,
  messages: [
    { role: 'system', content: 'You are kind.' },
    { role: 'user', content: 'Hello.' },
  ],
  grammar: 'root ::= [a-z ]{40}',
  temperature: 0,
  max_tokens: 60,
})

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items) void _
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill()
  await exit
}

/** With the pages of files that nobody else has mapped, which the weights are. Linux only. */
function privateMegabytes(pid: number | undefined): number {
  const text = readFileSync(join('/proc', String(pid), 'smaps_rollup'), 'utf8')
  const part = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return (part('Private_Clean') + part('Private_Dirty')) / 1024
}

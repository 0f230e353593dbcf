import type { Json, JsonObject } from '../../core/json.ts'
import { isDeeperThan, MOST_LEVELS, parseJson } from '../../core/json.ts'
import type { KnownTool } from '../../core/tools/tool.ts'
import { innermost } from '../providers/network-failure.ts'
import { runHttpTool } from './http-tool.ts'
import type { ToolPort } from './tool-port.ts'
import { cancelled, failed, type ToolResult } from './tool-result.ts'

/** Whoever waits on the telephone does not wait for longer. */
const PATIENCE_MS = 10_000

export type RunOptions = Readonly<{
  /** Answers what its mock says instead of being run. */
  mock: boolean
  variables: JsonObject
  secrets: Readonly<Record<string, string>>
  idempotency_key: string
  port: ToolPort
  /** Aborted when nobody waits for the result any more. */
  signal: AbortSignal
}>

/** Runs one tool; never throws. The arguments fit its parameters. */
export async function runTool(tool: KnownTool, given: JsonObject, options: RunOptions): Promise<ToolResult> {
  if (options.signal.aborted) return cancelled()
  if (tool.type === 'end_call') return endCall(options.port)
  if (tool.type === 'handoff') return handOff(tool, options)
  if (options.mock) return { outcome: 'mocked', result: tool.mock ?? { ok: true } }
  const patience_ms = tool.timeout_ms ?? PATIENCE_MS
  const late = AbortSignal.timeout(patience_ms)
  const signal = AbortSignal.any([options.signal, late])
  try {
    const answered = await orAborted(act(tool, given, { ...options, signal }, patience_ms), signal)
    // Strangers write it, and whoever follows it all the way down runs out of stack: this process, and then the host.
    return isDeeperThan(answered.result, MOST_LEVELS) ? tooDeep(tool, answered) : answered
  } catch (cause) {
    if (options.signal.aborted) return cancelled()
    if (!late.aborted) return failed(`The tool "${tool.name}" failed: ${innermost(cause)}`, 'Look at what it asks.')
    const told = failed(
      `The tool "${tool.name}" did not answer within ${patience_ms / 1000} s`,
      'Give it more time, or make it quicker.',
    )
    return { ...told, outcome: 'timeout' }
  }
}

function act(tool: ActingTool, given: JsonObject, options: RunOptions, patience_ms: number): Promise<ToolResult> {
  switch (tool.type) {
    case 'http':
      return runHttpTool(tool, given, options)
    case 'client':
      return askClient(tool, given, options.port, patience_ms)
    case 'extension':
      return options.port.extension(tool.name, given, patience_ms).then((result) => ({ outcome: 'ok', result }))
  }
}

function endCall(port: ToolPort): ToolResult {
  port.endCall()
  return { outcome: 'ok', result: { ok: true, note: 'The call ends after your next reply. Say goodbye in it.' } }
}

async function handOff(tool: Extract<KnownTool, { type: 'handoff' }>, { port, mock }: RunOptions): Promise<ToolResult> {
  if (mock) return { outcome: 'mocked', result: { ok: true } }
  const refused = await port.handoff(tool.agent_id, tool.history ?? 'keep')
  if (refused === undefined) return { outcome: 'ok', result: { ok: true } }
  return failed(
    `The call could not be handed over to "${tool.agent_id}": ${refused}`,
    'Choose an agent that exists and is enabled.',
  )
}

type ClientTool = Extract<KnownTool, { type: 'client' }>
type ActingTool = Extract<KnownTool, { type: 'http' | 'client' | 'extension' }>

async function askClient(tool: ClientTool, given: JsonObject, port: ToolPort, patience_ms: number): Promise<ToolResult> {
  const rpc = port.rpc()
  if (!rpc) {
    const message = `The tool "${tool.name}" is done by the caller's app, and this call has none`
    return failed(message, 'It needs a room call with a frontend that has this RPC method; or start the call with mock answers.')
  }
  try {
    const answer = await rpc(tool.method ?? tool.name, JSON.stringify(given), patience_ms)
    const result: Json = parseJson(answer) ?? answer
    return { outcome: 'ok', result }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    return failed(
      `The caller's app did not do "${tool.name}": ${said.slice(0, 300)}`,
      'Does the frontend register this RPC method?',
    )
  }
}

function tooDeep({ name }: ActingTool, { status }: ToolResult): ToolResult {
  const said = failed(`What the tool "${name}" answered is nested too deeply`, `At most ${MOST_LEVELS} levels are read.`)
  return status === undefined ? said : { ...said, status }
}

/** Not every way to run a tool ends with its signal. */
function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

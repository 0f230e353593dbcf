import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PastTool, UnfinishedTool } from '../../core/contract/runtime.ts'
import type { JsonObject } from '../../core/json.ts'
import { readArguments } from '../../core/tools/read-arguments.ts'
import { isActing, type KnownTool } from '../../core/tools/tool.ts'
import type { Report } from '../session/report.ts'
import { mutable } from '../session/mutable.ts'
import type { Turn } from '../session/turn.ts'
import { runTool } from './run-tool.ts'
import type { ToolPort } from './tool-port.ts'
import { cancelled, failed, isFailure, type ToolResult } from './tool-result.ts'
import type { ToolCall } from './tool-round.ts'
import type { TurnTools } from './turn-tools.ts'

/** Until a tool is taken for slow, ms. */
const SLOW_MS = 1200

export type ToolDeskOptions = Readonly<{
  report: Pick<Report, 'journal' | 'clock'>
  port: ToolPort
  /** Tools answer what their mocks say. */
  mock: boolean
}>

export type ToolDesk = Readonly<{
  /** All at the same time; the results are in the order of the calls. `onSlow` gets what is said meanwhile. */
  run: (turn: Turn, calls: readonly ToolCall[], options: RunOptions) => Promise<ToolsRun>
  /**
   * Calls whose results a crash took: the LLM is told that their outcome is unknown, unless a tool may be repeated, which it is.
   * `onChange` gets them all, at once and whenever one of them is known.
   */
  recover: (
    unfinished: readonly UnfinishedTool[],
    tools: TurnTools,
    onChange: (all: readonly PastTool[]) => void,
  ) => Promise<void>
}>
type RunOptions = Readonly<{ signal: AbortSignal; onSlow: (text: string) => void }>
export type ToolsRun = Readonly<{
  results: readonly PastTool[]
  /** Another agent has taken over: this one has nothing more to say. */
  handed_over: boolean
}>

/** An id that every vendor takes: some of them want nine letters and digits. */
export const newCallId = (): string => [...randomBytes(9)].map((byte) => (byte % 36).toString(36)).join('')

export function createToolDesk({ report, port, mock }: ToolDeskOptions): ToolDesk {
  const done = (turn_id: Turn['turn_id'], call: Pick<ToolCall, 'call_id' | 'name'>, began: number, told: ToolResult) => {
    const { outcome, result, error, status } = told
    report.journal({
      type: 'tool.done',
      turn_id,
      call_id: call.call_id,
      tool: call.name,
      outcome,
      result: mutable(result),
      ...(error && { error }),
      ...(status !== undefined && { status }),
      duration_ms: report.clock() - began,
    })
  }

  const called = ({ turn_id }: Turn, { call_id }: ToolCall, tool: KnownTool, given: JsonObject, idempotency_key?: string) =>
    report.journal({
      type: 'tool.called',
      turn_id,
      call_id,
      tool: tool.name,
      kind: tool.type,
      arguments: writable(given),
      ...(idempotency_key !== undefined && { idempotency_key }),
    })

  /** What is said of a slow tool is said once, however many are slow. */
  const tellSlow = async (turn: Turn, began: readonly Began[], options: RunOptions, over: AbortSignal) => {
    const waits = began.flatMap(({ call, tool }) => {
      const { filler, filler_after_ms = SLOW_MS } = isActing(tool) ? tool : {}
      return filler?.trim() ? [{ call, filler: filler.trim(), after_ms: filler_after_ms }] : []
    })
    const [first] = waits.sort((a, b) => a.after_ms - b.after_ms)
    if (!first) return
    await sleep(first.after_ms, undefined, { signal: over }).catch(() => undefined)
    if (over.aborted) return
    report.journal({ type: 'tool.filler', turn_id: turn.turn_id, call_id: first.call.call_id, text: first.filler })
    options.onSlow(first.filler)
  }

  const begin = (turn: Turn, call: ToolCall): Began | Refused => {
    const { list } = turn.config.tools
    const tool = list.find(({ name }) => name === call.name)
    if (!tool) {
      const names = list.map(({ name }) => name).join(', ')
      const told = failed(`There is no tool "${call.name}": there are ${names}`, 'The LLM is told, and may call another one.')
      if (told.error) turn.error('tool', told.error)
      return { call, past: pastOf(call, {}, told) }
    }
    const { arguments: given, problem } = readArguments(tool, call.text)
    const idempotency_key = tool.type === 'http' ? randomUUID() : undefined
    called(turn, call, tool, given, idempotency_key)
    if (problem === undefined) return { call, tool, given, idempotency_key: idempotency_key ?? '', began: report.clock() }
    const told = failed(problem, 'The LLM is told, and may call it again.')
    done(turn.turn_id, call, report.clock(), told)
    return { call, past: pastOf(call, given, told) }
  }

  const run = async (turn: Turn, one: Began, signal: AbortSignal): Promise<ToolResult> => {
    const { tools } = turn.config
    const told = await runTool(one.tool, one.given, { ...tools, mock, port, signal, idempotency_key: one.idempotency_key })
    done(turn.turn_id, one.call, one.began, told)
    return told
  }

  return {
    async run(turn, calls, options) {
      const all = calls.map((call) => begin(turn, call))
      const began = all.filter((one): one is Began => 'tool' in one)
      const over = new AbortController()
      const slow = tellSlow(turn, began, options, AbortSignal.any([over.signal, options.signal]))
      const ready = await durable(port, began, mock, options.signal)
      const results = await Promise.all(
        all.map(async (one): Promise<Readonly<{ past: PastTool; told?: ToolResult; tool?: KnownTool }>> => {
          if (!('tool' in one)) return { past: one.past }
          const told = ready === true ? await run(turn, one, options.signal) : ready
          if (ready !== true) done(turn.turn_id, one.call, one.began, told)
          return { past: pastOf(one.call, one.given, told), told, tool: one.tool }
        }),
      )
      over.abort()
      await slow
      return {
        results: results.map(({ past }) => past),
        handed_over: results.some(({ tool, told }) => tool?.type === 'handoff' && told?.outcome === 'ok'),
      }
    },

    async recover(unfinished, tools, onChange) {
      if (unfinished.length === 0) return
      const all = unfinished.map(({ call_id, tool, arguments: given }): PastTool => ({
        call_id,
        tool,
        arguments: given,
        ...UNKNOWN,
      }))
      onChange(all)
      await Promise.all(
        unfinished.map(async (one, index) => {
          const began = report.clock()
          const tool = tools.list.find(({ name }) => name === one.tool)
          const again = tool && isActing(tool) && tool.idempotent && !mock ? tool : undefined
          const options = { ...tools, mock, port, signal: NEVER, idempotency_key: one.idempotency_key ?? randomUUID() }
          const told: ToolResult = again
            ? await runTool(again, one.arguments, options)
            : { outcome: 'unknown', result: UNKNOWN.result }
          const call = { call_id: one.call_id, name: one.tool }
          if (one.turn_id) done(one.turn_id, call, began, told)
          all[index] = { ...pastOf({ ...call }, one.arguments, told) }
          onChange([...all])
        }),
      )
    },
  }
}

type Began = Readonly<{ call: ToolCall; tool: KnownTool; given: JsonObject; idempotency_key: string; began: number }>
type Refused = Readonly<{ call: ToolCall; past: PastTool }>

const NEVER = new AbortController().signal

const UNKNOWN = {
  failed: true,
  result: {
    error:
      'The connection was lost while this ran: whether it was done is not known. Do not call it again by yourself; tell the caller, and ask before you try again.',
  },
}

/** An effect that is not written down could happen twice. */
async function durable(port: ToolPort, began: readonly Began[], mock: boolean, signal: AbortSignal): Promise<true | ToolResult> {
  if (mock || !began.some(({ tool }) => isActing(tool))) return true
  try {
    await port.durable()
    return signal.aborted ? cancelled() : true
  } catch {
    return failed(
      'The tool was not run: the call could not be written down first',
      'Is the disk full? The log of the host says more.',
    )
  }
}

const pastOf = ({ call_id, name }: Pick<ToolCall, 'call_id' | 'name'>, given: JsonObject, told: ToolResult): PastTool => ({
  call_id,
  tool: name,
  arguments: writable(given),
  result: mutable(told.result),
  failed: isFailure(told),
})

const writable = (given: JsonObject): PastTool['arguments'] =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, mutable(value)]))

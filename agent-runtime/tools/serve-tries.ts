import { v7 } from 'uuid'
import type { ToRuntime } from '../../core/contract/runtime.ts'
import { ToolTry } from '../../core/contract/tools.ts'
import { readArguments } from '../../core/tools/read-arguments.ts'
import { HttpTool } from '../../core/tools/tool.ts'
import type { HostChannel } from '../session/host-channel.ts'
import { runTool } from './run-tool.ts'
import { NO_CALL } from './tool-port.ts'
import { failed, type ToolResult } from './tool-result.ts'

type Trial = Extract<ToRuntime, { type: 'tool.try' }>

/** Tools that a person tries outside of a call: run once, as an LLM would have called them. */
export function serveTries(channel: Pick<HostChannel, 'send'>) {
  const running = new Map<string, AbortController>()
  const start = (trial: Trial): void => {
    const { check_id } = trial
    const ending = new AbortController()
    running.set(check_id, ending)
    void tryTool(trial, ending.signal).then((tried) => {
      running.delete(check_id)
      if (!ending.signal.aborted) channel.send({ type: 'tool.tried', check_id, tried })
    })
  }
  return { start, cancel: (check_id: string) => running.get(check_id)?.abort() }
}

/** Never rejects: what went wrong is what is told. */
async function tryTool(trial: Trial, signal: AbortSignal): Promise<ToolTry> {
  const began = performance.now()
  const { outcome, ...told } = await run(trial, signal)
  const ended = outcome === 'ok' || outcome === 'timeout' ? outcome : 'failed'
  return ToolTry.parse({ ...told, outcome: ended, duration_ms: performance.now() - began })
}

async function run(trial: Trial, signal: AbortSignal): Promise<ToolResult> {
  const { variables, secrets } = trial
  const parsed = HttpTool.safeParse(trial.tool)
  if (!parsed.success) return failed('The tool is not right yet.', 'Mend what is marked, then try it.')
  const read = readArguments(parsed.data, JSON.stringify(trial.arguments))
  if (read.problem !== undefined) return failed(read.problem, 'Change the example arguments, or the parameters.')
  return runTool(parsed.data, read.arguments, {
    ...{ mock: false, variables, secrets, port: NO_CALL, signal },
    // Each trial is a wish of its own.
    idempotency_key: v7(),
  })
}

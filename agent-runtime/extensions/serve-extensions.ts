import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod'
import { isJsonObject, parseJson, type Json } from '../../core/json.ts'
import type { ExtensionCall } from '../../core/extension/extension.ts'
import { loadExtensions, type LoadedExtensions } from './load-extensions.ts'
import { resolveGreenroom } from './resolve-greenroom.ts'
import { ToThread, type FromThread, type ThreadCall } from './thread-messages.ts'
import { mutable } from '../session/mutable.ts'
import { placeText, whereIn } from './where-in.ts'

type Ask = Extract<ToThread, { type: 'hook' | 'tool' }>

/**
 * The thread of the extensions. Threat: what stands in the folder is its owner's code, and still must not take a call with it: whatever it
 * throws, it is told; a loop without end, `process.exit` or a full heap end this thread alone, and the process starts another one.
 */
export async function serveExtensions(goOffline: (on: boolean) => void): Promise<void> {
  const folder = z.string().parse(workerData)
  const port = parentPort
  if (!port) throw new Error('this is the entry of a thread')
  resolveGreenroom()
  const loaded = await loadExtensions(folder)
  const states = new Map<string, Record<string, unknown>>()
  const send = (message: FromThread) => port.postMessage(message)

  const callOf = ({ session_id, ...call }: ThreadCall): ExtensionCall => {
    const key = `${session_id}\0${call.agent_type}`
    const state = states.get(key) ?? {}
    states.set(key, state)
    return { session_id, ...call, state }
  }

  async function answer(ask: Ask): Promise<void> {
    try {
      send({ type: 'done', id: ask.id, value: mutable(plain(await run(loaded, ask, callOf(ask.call)))) })
    } catch (cause) {
      const place = whereIn(folder, cause)
      const message = cause instanceof Error ? cause.message : String(cause)
      send({
        type: 'failed',
        id: ask.id,
        failure: { message: message.slice(0, 1000), ...(place && { where: placeText(place) }) },
      })
    }
  }

  port.on('message', (raw: unknown) => {
    const message = ToThread.safeParse(raw).data
    switch (message?.type) {
      case 'hook':
      case 'tool':
        return void answer(message)
      case 'ping':
        return send({ type: 'done', id: message.id, value: null })
      case 'over':
        for (const key of [...states.keys()]) if (key.startsWith(`${message.session_id}\0`)) states.delete(key)
        return
      case 'offline':
        return goOffline(message.on)
      case undefined:
        return
    }
  })
  send({ type: 'loaded', report: loaded.report })
}

async function run({ byType }: LoadedExtensions, ask: Ask, call: ExtensionCall): Promise<unknown> {
  const found = byType.get(call.agent_type)
  if (!found) throw new Error(`no extension registers the agent type "${call.agent_type}"`)
  if (ask.type === 'hook') {
    const hook: unknown = found.extension.hooks?.[ask.hook]
    return typeof hook === 'function' ? await Reflect.apply(hook, found.extension.hooks, [call, ask.given]) : undefined
  }
  const tool = found.extension.tools?.find(({ name }) => name === ask.tool)
  if (!tool) throw new Error(`the extension has no tool "${ask.tool}"`)
  const checked = found.checks.get(ask.tool)?.safeParse(ask.given)
  if (checked && !checked.success) throw new Error(`the arguments do not fit: ${z.prettifyError(checked.error)}`)
  const given = plain(checked ? checked.data : ask.given)
  return tool.run(isJsonObject(given) ? given : {}, call)
}

/** As it comes out of JSON: what cannot be told is left out. */
const plain = (value: unknown): Json => (value === undefined ? null : (parseJson(JSON.stringify(value) ?? 'null') ?? null))

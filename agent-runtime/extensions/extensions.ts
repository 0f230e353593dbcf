import { dirname, extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AGENT_TYPES } from '../../core/agent/agent-types.ts'
import type { ExtensionReport, LoadedExtension } from '../../core/extension/extension-report.ts'
import type { HookName } from '../../core/extension/extension.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { mutable, type JournalJson } from '../session/mutable.ts'
import { ExtensionFailure } from './extension-failure.ts'
import { FromThread, type ThreadCall, type ToThread } from './thread-messages.ts'
import { placeText, whereIn } from './where-in.ts'

/** The extensions of this process, which all its calls share. */
export type Extensions = Readonly<{
  /** The one that registers the type; resolves when it is known. */
  find: (agent_type: string) => Promise<LoadedExtension | undefined>
  /** Rejects with ExtensionFailure when it throws, or is not done within `limit_ms`. */
  hook: (hook: HookName, call: ThreadCall, given: Json, limit_ms: number) => Promise<Json>
  tool: (tool: string, call: ThreadCall, given: JsonObject, limit_ms: number) => Promise<Json>
  /** A call that has ended: nothing of it is kept. */
  over: (session_id: string) => void
  offline: (on: boolean) => void
}>

export type ExtensionsOptions = Readonly<{
  folder: string
  /** Each time that they are loaded. */
  onReport: (report: ExtensionReport) => void
  log: (level: 'warn' | 'error', text: string) => void
}>

const LOAD_MS = 15_000
/** Who does not answer "are you there?" for so long holds on to control. */
const HUNG_MS = 1000
const HEAP_MB = 256

type Waiting = Readonly<{ resolve: (value: Json) => void; reject: (failure: ExtensionFailure) => void }>
type Thread = { worker: Worker; loaded: Promise<ExtensionReport>; waiting: Map<number, Waiting> }
type Body = ToThread extends infer Message ? (Message extends { id: number } ? Omit<Message, 'id'> : never) : never

const LOOP = 'Give control back: await what takes long, and end loops. Its other calls in this process began anew as well.'

/** In a thread of their own, which is replaced when it hangs or dies: no call waits longer for an extension than it means to. */
export function createExtensions({ folder, onReport, log }: ExtensionsOptions): Extensions {
  let thread: Thread | undefined
  let last_id = 0
  let isOffline = false

  function start(): Thread {
    const worker = new Worker(entry(), { workerData: folder, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } })
    worker.unref()
    const waiting: Thread['waiting'] = new Map()
    const loaded = new Promise<ExtensionReport>((resolve) => {
      const give = (report: ExtensionReport) => {
        clearTimeout(late)
        resolve(report)
        onReport(report)
      }
      const none = (message: string) =>
        give({
          folder,
          extensions: [],
          problems: [{ file: folder, message, hint: 'Look at what the modules do at their top level.' }],
        })
      const late = setTimeout(() => {
        none(`the extensions were not loaded within ${LOAD_MS / 1000} s`)
        end(new ExtensionFailure('the extensions were not loaded in time', { hint: LOOP }))
      }, LOAD_MS).unref()
      worker.on('message', (raw: unknown) => {
        const message = FromThread.safeParse(raw).data
        if (message?.type === 'loaded') {
          if (isOffline) worker.postMessage({ type: 'offline', on: true } satisfies ToThread)
          return give(message.report)
        }
        const one = message && waiting.get(message.id)
        if (!one) return
        waiting.delete(message.id)
        if (message.type === 'done') return one.resolve(message.value)
        const { message: said, where } = message.failure
        one.reject(new ExtensionFailure(said, { where, hint: 'Mend the extension, then start again.' }))
      })
      worker.on('error', (cause: unknown) => {
        const place = whereIn(folder, cause)
        const where = place && placeText(place)
        const said = cause instanceof Error ? cause.message : String(cause)
        log('error', `the extensions broke${where === undefined ? '' : ` at ${where}`}: ${said}`)
        none(`the extensions broke while they were loaded: ${said}`)
        end(
          new ExtensionFailure(`the extensions broke: ${said}`, {
            where,
            hint: 'Catch what can go wrong outside of hooks, too.',
          }),
        )
      })
      worker.on('exit', () => {
        none('the extensions ended their thread while they were loaded')
        end(new ExtensionFailure('the extensions ended their thread', { hint: 'Leave out process.exit().' }))
      })
    })
    const mine: Thread = { worker, loaded, waiting }
    const end = (failure: ExtensionFailure): void => {
      if (thread === mine) thread = undefined
      void worker.terminate()
      for (const { reject } of waiting.values()) reject(failure)
      waiting.clear()
    }
    thread = mine
    return mine
  }

  function ask(to: Thread, body: Body, limit_ms: number, late: () => ExtensionFailure): Promise<Json> {
    const id = ++last_id
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        to.waiting.delete(id)
        reject(late())
      }, limit_ms)
      const done = () => clearTimeout(timer)
      to.waiting.set(id, {
        resolve: (value) => {
          done()
          resolve(value)
        },
        reject: (failure) => {
          done()
          reject(failure)
        },
      })
      const message: ToThread = { ...body, id }
      to.worker.postMessage(message)
    })
  }

  /** A loop without end is stopped with its thread; what only waits for something may go on. */
  function look(to: Thread): void {
    const gone = () => new ExtensionFailure('it does not give back control', { hint: LOOP })
    ask(to, { type: 'ping' }, HUNG_MS, gone).catch((cause: unknown) => {
      if (thread !== to) return
      log('error', 'an extension does not give back control; its thread was ended, and another one begins')
      thread = undefined
      void to.worker.terminate()
      for (const { reject } of to.waiting.values()) reject(cause instanceof ExtensionFailure ? cause : gone())
      to.waiting.clear()
      start()
    })
  }

  async function asked(body: Body, what: string, limit_ms: number): Promise<Json> {
    const began = performance.now()
    const to = thread ?? start()
    await to.loaded
    const left = Math.max(1, limit_ms - (performance.now() - began))
    return ask(to, body, left, () => {
      look(to)
      return new ExtensionFailure(`${what} took longer than ${limit_ms} ms, and was not waited for`, {
        hint: 'Do what takes long in afterTurn or in a tool.',
      })
    })
  }

  start()
  return {
    async find(agent_type) {
      if (AGENT_TYPES.includes(agent_type)) return undefined
      const { extensions } = await (thread ?? start()).loaded
      return extensions.find((one) => one.agent_type === agent_type)
    },
    hook: (hook, call, given, limit_ms) => asked({ type: 'hook', hook, call, given: mutable(given) }, hook, limit_ms),
    tool: (tool, call, given, limit_ms) => asked({ type: 'tool', tool, call, given: writable(given) }, tool, limit_ms),
    over: (session_id) => thread?.worker.postMessage({ type: 'over', session_id } satisfies ToThread),
    offline: (on) => {
      isOffline = on
      thread?.worker.postMessage({ type: 'offline', on } satisfies ToThread)
    },
  }
}

/** Beside the entry of this process, bundled or not. */
function entry(): string {
  const [, program = ''] = process.argv
  return join(dirname(program), `extension-thread${extname(program)}`)
}

const writable = (given: JsonObject): Record<string, JournalJson> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, mutable(value)]))

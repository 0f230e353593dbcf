import { setTimeout as sleep } from 'node:timers/promises'
import { MongoServerError, type ChangeStreamDocument, type Db, type ResumeToken } from 'mongodb'
import type { Logger } from 'pino'
import { MIRROR, toMirrorId, type MirrorId } from './mirror-document.ts'

export type ChangeListeners = Readonly<{
  onCommit: () => void
  onCommand: () => void
  onMirror: (id: MirrorId) => void
  /** What happened meanwhile is not known: the stream is new, or was away for too long. */
  onGap: () => void
}>

const CHANGES = 'changes'
const COMMANDS = 'session_commands'
const PAUSE_MS = 250
/** The server no longer has what happened since then. */
const HISTORY_LOST = new Set([280, 286])

export type ChangeFollower = Readonly<{ isOpen: () => boolean; close: () => Promise<void> }>

/** One stream for everything that instances tell each other; it comes back by itself, where it was. */
export function followChanges(db: Db, listeners: ChangeListeners, log: Logger): ChangeFollower {
  const ending = new AbortController()
  const { signal } = ending
  let token: ResumeToken
  let isOpen = false
  let close = async (): Promise<void> => undefined

  const follow = async (): Promise<void> => {
    const stream = db.watch(
      [
        { $match: { 'ns.coll': { $in: [CHANGES, COMMANDS, MIRROR] } } },
        { $project: { _id: 1, operationType: 1, ns: 1, documentKey: 1 } },
      ],
      { ...(token !== undefined && { resumeAfter: token }), maxAwaitTimeMS: 1000 },
    )
    close = () => stream.close()
    try {
      // The server has opened it when it has answered once.
      let change = await stream.tryNext()
      isOpen = true
      if (token === undefined) listeners.onGap()
      listeners.onCommit()
      listeners.onCommand()
      while (!signal.aborted) {
        if (change) tell(change, listeners)
        token = stream.resumeToken
        change = await stream.next()
      }
    } finally {
      isOpen = false
      await stream.close()
    }
  }

  const run = async (): Promise<void> => {
    let told = false
    while (!signal.aborted) {
      try {
        await follow()
      } catch (cause) {
        if (signal.aborted) return
        if (cause instanceof MongoServerError && HISTORY_LOST.has(Number(cause.code))) token = undefined
        if (!told) log.warn({ err: cause }, 'the stream of changes was interrupted; it is opened again')
        told = true
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }
  const running = run()
  return {
    isOpen: () => isOpen,
    close: async () => {
      ending.abort()
      await close().catch((cause: unknown) => log.debug({ err: cause }, 'the stream of changes was gone already'))
      await running
    },
  }
}

function tell(change: ChangeStreamDocument, { onCommit, onCommand, onMirror }: ChangeListeners): void {
  if (!('ns' in change) || !('coll' in change.ns)) return
  if (change.ns.coll === CHANGES) onCommit()
  else if (change.ns.coll === COMMANDS) onCommand()
  else if ('documentKey' in change) onMirror(toMirrorId(change.documentKey._id))
}

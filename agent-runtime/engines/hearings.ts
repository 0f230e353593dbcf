import type { EngineReply, EngineRequest } from '../../core/contract/engine.ts'
import { decodeFrame } from './engine-frame.ts'
import type { Engine } from './engine.ts'
import type { Hearing } from './sherpa-streaming.ts'

type Listen = Extract<EngineRequest, { type: 'listen' }>

/** What is being heard over one connection while it is spoken, by request. */
export type Hearings = Readonly<{
  open: (request: Listen) => void
  /** False when no request of this id listens. */
  push: (frame: Buffer) => boolean
  finish: (id: number) => void
  forget: (id: number) => void
}>

export function createHearings(engine: Engine, tell: (reply: EngineReply) => void): Hearings {
  /** Audio may come while the model is still being loaded: it waits for it. */
  const going = new Map<number, Promise<Hearing | undefined>>()

  const next = (id: number, work: (hearing: Hearing) => void) => {
    const before = going.get(id)
    if (!before) return
    const after = before.then((hearing) => {
      if (hearing && going.has(id)) work(hearing)
      return hearing
    })
    going.set(id, after.catch(failed(id)))
  }
  const failed = (id: number) => (cause: unknown) => {
    if (going.delete(id)) tell({ type: 'error', id, message: cause instanceof Error ? cause.message : String(cause) })
    return undefined
  }

  return {
    open({ id, model, language }) {
      const hearing = engine.listen
        ? engine.listen({ model, language }, (text) => tell({ type: 'interim', id, text }))
        : Promise.reject(new Error('This engine hears whole utterances only'))
      going.set(id, hearing.catch(failed(id)))
    },
    push(frame) {
      if (frame.byteLength < 4 || frame.byteLength % 2 !== 0) return false
      const { id, pcm } = decodeFrame(frame)
      if (!going.has(id)) return false
      next(id, (hearing) => hearing.push(pcm))
      return true
    },
    finish(id) {
      next(id, (hearing) => {
        const text = hearing.finish()
        going.delete(id)
        tell({ type: 'transcript', id, text })
      })
    },
    forget: (id) => void going.delete(id),
  }
}

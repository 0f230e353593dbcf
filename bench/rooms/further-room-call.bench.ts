import type { Sample } from '../measure.ts'
import { costOf } from './process-cost.ts'
import { setRoomScene, type RoomScene, type Side } from './room-scene.ts'

/** Calls beside the first one. */
const FURTHER = 4
const ROUNDS = 2
/** How often each caller of a round asks. */
const QUESTIONS = 2

type Further = Readonly<{ memory_mb: number; cpu_ms: number }>
type Rounds = Readonly<{ ours: readonly Further[]; peer: readonly Further[] }>
export type What = keyof Further

/**
 * P4r: what a further call adds to the processes that hold calls, in a real room with a caller who asks twice and hears the answers: our
 * shared session process against a stock job process for each. Memory in MB (PSS), CPU in ms for each second of the call.
 */
export function createFurtherRoomCalls() {
  // Both rows of the table come from the same calls.
  let once: Promise<Rounds> | undefined
  return async (what: What): Promise<Readonly<{ ours: Sample; peer: Sample }>> => {
    const rounds = await (once ??= measure())
    const next = (side: readonly Further[]) => {
      let index = 0
      return () => side[index++ % side.length]?.[what] ?? Number.NaN
    }
    return { ours: next(rounds.ours), peer: next(rounds.peer) }
  }
}

async function measure(): Promise<Rounds> {
  const scene = await setRoomScene()
  try {
    const sides = { ours: await scene.studio(), peer: await scene.stock('stock', 0) }
    const rounds: { ours: Further[]; peer: Further[] } = { ours: [], peer: [] }
    for (let round = 0; round < ROUNDS; round++) {
      rounds.ours.push(await further(scene, sides.ours))
      rounds.peer.push(await further(scene, sides.peer))
    }
    return rounds
  } finally {
    await scene.close()
  }
}

async function further(scene: RoomScene, side: Side): Promise<Further> {
  const rooms = [await answered(scene, side.name)]
  const one = await talk(scene, side, rooms)
  while (rooms.length <= FURTHER) rooms.push(await answered(scene, side.name))
  const all = await talk(scene, side, rooms)
  await Promise.all(rooms.map((room_name) => scene.closeRoom(room_name)))
  return { memory_mb: (all.memory_mb - one.memory_mb) / FURTHER, cpu_ms: (all.cpu_ms - one.cpu_ms) / FURTHER }
}

/** A call whose agent listens. */
async function answered(scene: RoomScene, name: string): Promise<string> {
  const room_name = await scene.newRoom()
  await scene.api.dispatch(room_name, name, '')
  await scene.callers.order({ do: 'agent', who: room_name, state: 'listening' })
  return room_name
}

/** Everybody asks and hears the answer to its end, at the same time; CPU is that of a second. */
async function talk(scene: RoomScene, side: Side, rooms: readonly string[]): Promise<Further> {
  const began = performance.now()
  const before = costOf(await side.pids())
  await Promise.all(
    rooms.map(async (who) => {
      for (let question = 0; question < QUESTIONS; question++) {
        await scene.callers.order({ do: 'ask', who })
        await scene.callers.order({ do: 'agent', who, state: 'listening' })
      }
    }),
  )
  const after = costOf(await side.pids())
  const seconds = (performance.now() - began) / 1000
  return { memory_mb: after.memory_mb, cpu_ms: (after.cpu_ms - before.cpu_ms) / seconds }
}

import type { Sample } from '../measure.ts'
import { now, setRoomScene } from './room-scene.ts'

const CALLS = 10
/** So that they do not speak as one, and all of them speak before the first has its answer. */
const STAGGER_MS = 150

type Prepared = Readonly<{ ours: Sample; close: () => Promise<void> }>

/** Ms from the end of a caller's words to the first audible sample of the answer, heard by the caller; ten calls talk at the same time. */
export async function tenRoomCallsBench(): Promise<Prepared> {
  const scene = await setRoomScene()
  const studio = await scene.studio()
  const rooms: string[] = []
  for (let index = 0; index < CALLS; index++) {
    const who = await scene.newRoom()
    await scene.api.dispatch(who, studio.name, '')
    await scene.callers.order({ do: 'agent', who, state: 'listening' })
    rooms.push(who)
  }
  const ask = async (who: string, index: number) => {
    await new Promise((resolve) => setTimeout(resolve, index * STAGGER_MS))
    const took = await scene.callers.order({ do: 'ask', who })
    await scene.callers.order({ do: 'agent', who, state: 'listening' })
    return took
  }
  let answers: number[] = []
  return {
    ours: async () => {
      if (answers.length === 0) answers = await Promise.all(rooms.map(ask))
      return answers.pop() ?? Number.NaN
    },
    close: scene.close,
  }
}

/** Ms from the request for an agent to the first audible sample of its greeting; ten calls begin at once. */
export async function tenRoomStartsBench(): Promise<Prepared> {
  const scene = await setRoomScene()
  const studio = await scene.studio({
    prompt_config: { instructions: 'Answer in one short sentence.', greeting: 'Hello, what can I do for you?' },
  })
  const begin = async (who: string) => {
    const heard = scene.callers.order({ do: 'first-audio', who })
    const asked = now()
    await scene.api.dispatch(who, studio.name, '')
    return (await heard) - asked
  }
  const beginAll = async () => {
    const rooms: string[] = []
    while (rooms.length < CALLS) rooms.push(await scene.newRoom())
    const starts = await Promise.all(rooms.map(begin))
    await Promise.all(rooms.map((room_name) => scene.closeRoom(room_name)))
    return starts
  }
  // The first ones wait for code to be compiled, and for a second session process.
  await beginAll()
  let starts: number[] = []
  return {
    ours: async () => {
      if (starts.length === 0) starts = await beginAll()
      return starts.pop() ?? Number.NaN
    },
    close: scene.close,
  }
}

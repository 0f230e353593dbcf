import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { storeOperations } from '../../../core/contract/store-api.ts'
import { createSignal } from '../sql/signal.ts'
import type { StoreLink } from './store-link.ts'

const { output: Changes } = storeOperations['store.wait']
type Place = Pick<z.infer<typeof Changes>, 'token' | 'instance' | 'commands'>

const WAIT_MS = 25_000
const GRACE_MS = 10_000
const PAUSE_MS = 250
const LONGEST_PAUSE_MS = 1_000
/** Behind a balancer each answer may be of another instance, which knows nothing of the one before. */
const BETWEEN_INSTANCES_MS = 200

/** Hears of commits and commands in one question that the other side answers when there is something. */
export function watchRemote(link: StoreLink, log: Logger) {
  const commits = createSignal()
  const commands = createSignal()
  const ending = new AbortController()
  const { signal } = ending

  async function ask(since: Place | undefined): Promise<Place> {
    const body = { ...(since && { since }), wait_ms: WAIT_MS }
    const answer = await link.post('/api/v1/store-changes', body, { within_ms: WAIT_MS + GRACE_MS, signal })
    const { changed, asked, token, instance, commands: count } = Changes.parse(answer)
    // The first answer says where to begin, and before that nobody listened.
    if (changed || !since) commits.tell()
    if (asked || !since) commands.tell()
    if (since && instance !== since.instance && !changed) await pause(BETWEEN_INSTANCES_MS)
    return { token, instance, commands: count }
  }
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined)

  async function run(): Promise<void> {
    let place: Place | undefined
    let failures = 0
    while (!signal.aborted) {
      try {
        place = await ask(place)
        failures = 0
      } catch (cause) {
        if (signal.aborted) return
        if (failures === 0) log.warn({ err: cause }, 'changes of the other Greenroom are not heard of; asking again')
        failures += 1
        // A token that is not known any more would be refused for ever.
        if (failures > 3) place = undefined
        await pause(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * failures))
      }
    }
  }
  const running = run()
  return {
    commits: commits.watch,
    commands: commands.watch,
    close: async () => {
      ending.abort()
      await running
    },
  }
}

import type { Logger } from 'pino'
import { StudioError } from '../../../core/contract/errors.ts'
import { isLoopback } from '../../../core/providers/index.ts'
import type { Stores } from '../../../core/store/stores.ts'
import { remoteCalls, remoteCommands, remoteLimits } from './remote-calls.ts'
import { remoteHealth } from './remote-health.ts'
import { remoteStore } from './remote-store.ts'
import { watchRemote } from './remote-watch.ts'
import { createStoreLink } from './store-link.ts'

export type GreenroomOptions = Readonly<{
  /** An operator's, for all tenants; absent: one that asks for none. */
  api_key?: string | undefined
  clock: () => number
  log: Logger
}>

/**
 * The store of another Greenroom (`greenroom serve`), over its API. Throws `malformed` for an address that is none, `unauthorized` and
 * `forbidden` for a key that does not do, `unavailable` when it cannot be reached.
 */
export async function openGreenroomStores(url: string, { api_key, clock, log }: GreenroomOptions): Promise<Stores> {
  const address = originOf(url)
  const link = createStoreLink({ origin: address, api_key })
  const health = remoteHealth(link, address, clock, notesOn(address, api_key))
  // What is wrong with address and key is told now, and not by the first call of a caller.
  await requireAnswer(health, link)
  const watch = watchRemote(link, log)
  return {
    store: remoteStore(link, watch.commits),
    calls: remoteCalls(link),
    limits: remoteLimits(link),
    commands: remoteCommands(link, watch.commands),
    health: health.ask,
    close: async () => {
      await watch.close()
      link.close()
    },
  }
}

async function requireAnswer(health: ReturnType<typeof remoteHealth>, link: Readonly<{ close: () => void }>): Promise<void> {
  try {
    await health.require()
  } catch (cause) {
    link.close()
    throw cause
  }
}

function originOf(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) throw notAnAddress('is no address')
  if (url.username || url.password) throw notAnAddress('has a password in it')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

const notesOn = (address: string, api_key: string | undefined): readonly string[] =>
  address.startsWith('http://') && api_key !== undefined && !isLoopback(address)
    ? ['The key of the store crosses the network unencrypted: use https://.']
    : []

const notAnAddress = (what: string): StudioError =>
  new StudioError(
    'malformed',
    `The address of the other Greenroom ${what}.`,
    'Give --store https://HOST, and its API key in the variable GREENROOM_STORE_KEY.',
  )

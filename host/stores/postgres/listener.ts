import pg from 'pg'
import type { Logger } from 'pino'
import { createSignal, type Signal } from '../sql/signal.ts'
import { CHANGE_CHANNEL, COMMAND_CHANNEL } from './postgres-dialect.ts'

const LEAST_PAUSE_MS = 100
const MOST_PAUSE_MS = 5_000
/** How often a silent connection is asked whether it still hears; behind a pooler that gives it to others it never does. */
const PROOF_MS = 10_000
const ANSWER_MS = 3_000
/** How often changes are asked for while nobody tells of them. */
const POLL_MS = 1_000

export type Listener = Readonly<{
  changes: Signal
  commands: Signal
  /** Why changes are asked for instead of heard of, if they are. */
  deaf: () => string | undefined
  close: () => Promise<void>
}>

type Heard = { client: pg.Client | undefined; proven: boolean; closed: boolean; proof: (() => void) | undefined }

/**
 * Hears of commits of every instance through LISTEN, on a connection of its own that is made again whenever it breaks. What was committed
 * while it was away is told of when it is back: who is told asks the feed from where it left off.
 */
export function createListener(config: pg.ClientConfig, log: Pick<Logger, 'warn'>): Listener {
  const [changes, commands] = [createSignal(), createSignal()]
  const proofs = `greenroom_proof_${process.pid}_${Math.random().toString(36).slice(2)}`
  const heard: Heard = { client: undefined, proven: false, closed: false, proof: undefined }
  const tellAll = () => [changes, commands].forEach(({ tell }) => tell())
  const ending = new AbortController()

  const hear = ({ channel }: pg.Notification) => {
    if (channel === CHANGE_CHANNEL) changes.tell()
    else if (channel === COMMAND_CHANNEL) commands.tell()
    else heard.proof?.()
  }

  async function listen(): Promise<void> {
    for (let pause = LEAST_PAUSE_MS; !heard.closed; pause = Math.min(pause * 2, MOST_PAUSE_MS)) {
      const client = new pg.Client({ ...config, application_name: 'greenroom listener', query_timeout: ANSWER_MS })
      try {
        const broken = new Promise<Error>((resolve) => {
          client.on('error', resolve)
          client.on('end', () => resolve(new Error('the connection ended')))
        })
        client.on('notification', hear)
        await client.connect()
        heard.client = client
        await client.query(`listen ${CHANGE_CHANNEL}; listen ${COMMAND_CHANNEL}; listen ${proofs}`)
        await prove(client, broken, () => {
          pause = LEAST_PAUSE_MS
          tellAll()
        })
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        if (!heard.closed) log.warn({ reason }, 'changes of the database are not heard of; they are asked for meanwhile')
      }
      heard.proven = false
      await client.end().catch(() => undefined)
      await sleep(pause, ending.signal)
    }
  }

  /** Until it is not heard any more. */
  async function prove(client: pg.Client, broken: Promise<Error>, onFirst: () => void): Promise<never> {
    for (;;) {
      const answer = new Promise<'heard'>((resolve) => (heard.proof = () => resolve('heard')))
      await client.query(`notify ${proofs}`)
      const came = await Promise.race([answer, broken, sleep(ANSWER_MS, ending.signal)])
      if (came instanceof Error) throw came
      if (came !== 'heard') throw new Error('a notification did not come back')
      if (!heard.proven) onFirst()
      heard.proven = true
      const pause = await Promise.race([broken, sleep(PROOF_MS, ending.signal)])
      if (pause instanceof Error) throw pause
      if (heard.closed) throw new Error('closed')
    }
  }

  const poll = setInterval(() => {
    if (!heard.proven) tellAll()
  }, POLL_MS)
  const listening = listen()
  return {
    changes: { watch: changes.watch, tell: () => void (heard.proven || changes.tell()) },
    commands: { watch: commands.watch, tell: () => void (heard.proven || commands.tell()) },
    deaf: () => (heard.proven ? undefined : 'Changes are asked for every second: notifications (LISTEN) do not come through.'),
    close: async () => {
      heard.closed = true
      clearInterval(poll)
      ending.abort()
      await heard.client?.end().catch(() => undefined)
      await listening
    },
  }
}

/** Shorter when the signal comes. */
const sleep = (ms: number, signal: AbortSignal): Promise<'slept'> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve('slept')
    }
    const timer = setTimeout(done, ms)
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })

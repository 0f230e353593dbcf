import { setTimeout as wait } from 'node:timers/promises'
import { apiOf } from './spawn-server.ts'

/** What one client wrote: by number, what was acknowledged and what was tried. */
export type Written = Readonly<{ acknowledged: readonly number[]; tried: number; answers: Readonly<Record<string, number>> }>

type Client = Readonly<{ addresses: () => readonly string[]; key: string; signal: AbortSignal }>

/**
 * Sends requests one after the other until `signal`, to one instance after the other, and never the same one twice: whether a request whose
 * connection broke was carried out is not known, and is not asked.
 */
export async function writeUntil(
  { addresses, key, signal }: Client,
  send: (api: Api, n: number) => Promise<number>,
): Promise<Written> {
  const acknowledged: number[] = []
  const answers: Record<string, number> = {}
  let n = 0
  while (!signal.aborted) {
    n += 1
    const all = addresses()
    const status = await send(apiOf(all[n % all.length] ?? '', key), n).catch(() => 'broken')
    answers[status] = (answers[status] ?? 0) + 1
    if (status === 200 || status === 201) acknowledged.push(n)
    await wait(20)
  }
  return { acknowledged, tried: n, answers }
}

type Api = ReturnType<typeof apiOf>

/** Every row of the audit of a tenant. */
export async function auditOf(api: Api): Promise<readonly Readonly<{ seq: number; action: string; subject: string }>[]> {
  const rows: { seq: number; action: string; subject: string }[] = []
  for (;;) {
    const { body } = await api.get(`/api/v1/audit?limit=1000&after=${rows.at(-1)?.seq ?? 0}`)
    rows.push(...(body['rows'] as typeof rows))
    if (body['more'] !== true) return rows
  }
}

/** Asks until the answer fits. */
export async function eventually<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const found = await ask().catch(() => undefined)
    if (found !== undefined) return found
    await wait(100)
  }
}

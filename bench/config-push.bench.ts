import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCAL_TENANT, LOCAL_USER, type Caller } from '../core/contract/caller.ts'
import type { InputOf, OperationName, OutputOf } from '../core/contract/index.ts'
import { createHost, type Host } from '../host/host.ts'

const caller: Caller = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role: 'operator', via: 'test' }

async function call<Name extends OperationName>(host: Host, name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
  const reply = await host.dispatch(caller, name, input)
  if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`)
  return reply.value
}

/**
 * P7: from the request to save (validation, one durable commit, audit) until the session process of a running call has made the new
 * revision the one that its next turn uses and said so. Milliseconds. A real host on disk and a real session process.
 */
export async function configPushBench(): Promise<Readonly<{ ours: () => Promise<number>; close: () => Promise<void> }>> {
  const data_dir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'))
  const host = await createHost({ data_dir, samples_dir: null })
  const { head } = await call(host, 'agent.create', { source: { kind: 'blank' }, name: 'Bench' })
  const { session } = await call(host, 'session.start', { agent_id: head.agent_id, modality: 'text' })

  const waiting = new Map<number, (at: number) => void>()
  await host.subscribeSession(
    caller,
    session.session_id,
    { attempt: 0, seq: 0 },
    {
      bufferedBytes: () => 0,
      send: ({ events }) => {
        for (const event of events) if (event.type === 'config.changed') waiting.get(event.revision)?.(performance.now())
      },
    },
  )
  let { revision } = head

  return {
    ours: async () => {
      const used = new Promise<number>((resolve) => waiting.set(revision + 1, resolve))
      const content = { ...head.content, description: `saved ${revision} times` }
      const from = performance.now()
      const saved = await call(host, 'agent.save', { agent_id: head.agent_id, content, based_on: revision })
      revision = saved.revision
      return (await used) - from
    },
    close: async () => {
      await host.close()
      await rm(data_dir, { recursive: true, force: true })
    },
  }
}

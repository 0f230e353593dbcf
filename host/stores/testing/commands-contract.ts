import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { SessionId } from '../../../core/contract/ids.ts'
import type { SessionAsk } from '../../../core/store/session-commands.ts'
import type { UnderTest } from './describe-store.ts'
import { agentId, event, newScope, newSession } from './samples.ts'

/** What instances ask of the one that holds a session. */
export function commandsContract({ stores, second }: UnderTest): void {
  const hold = async (owner: string, scope = newScope()) => {
    const session = newSession({ lease: { owner, lease_until: 9e12 } })
    const { session_id } = session
    await stores().calls.commit(scope, [{ kind: 'session.create', session }])
    const send = (ask: SessionAsk, of = second()) => of.commands.send(scope, { command_id: v7(), session_id, at: 1, ask })
    return { scope, session_id, send }
  }

  test('come to the owner in order, once, whoever asks how often', async () => {
    const [me, other] = [v7(), v7()]
    const one = await hold(me, newScope('ben'))
    const two = await hold(other)
    const asks: SessionAsk[] = [
      { ask: 'switch_agent', agent_id: agentId('bob'), history: 'clear' },
      { ask: 'tracing', enabled: true },
      { ask: 'event', event: { name: 'news', data: { of: ['the pool', 1, null] } } },
      { ask: 'stop', reason: 'asked' },
    ]
    for (const ask of asks) await one.send(ask)
    await two.send({ ask: 'stop', reason: 'x' })
    expect(await stores().commands.take(v7())).toEqual([])
    const taken = (await Promise.all([0, 1, 2, 3].map((index) => (index % 2 ? stores() : second()).commands.take(me)))).flat()
    expect(taken).toMatchObject(asks.map((ask) => ({ scope: one.scope, command: { session_id: one.session_id, at: 1, ask } })))
    expect(await stores().commands.take(me)).toEqual([])
    expect(await stores().commands.take(other)).toHaveLength(1)
  })

  test('follow a session to its next owner, and end with it', async () => {
    const [dead, next] = [v7(), v7()]
    const { scope, session_id, send } = await hold(dead)
    await send({ ask: 'tracing', enabled: false })
    const lease = { owner: next, lease_until: 9e12 }
    await stores().calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 2, lease }])
    expect(await stores().commands.take(dead)).toEqual([])
    expect(await stores().commands.take(next)).toHaveLength(1)
    await send({ ask: 'stop', reason: 'late' })
    const ended = [event(2, 1, { type: 'session.ended', reason: 'stopped' })]
    await stores().calls.commit(scope, [{ kind: 'journal.append', session_id, events: ended }])
    await stores().calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 3, lease }])
    expect(await stores().commands.take(next)).toEqual([])
  })

  test('to a session of another tenant, or none, are refused', async () => {
    const { session_id } = await hold(v7())
    const command = { command_id: v7(), session_id, at: 1, ask: { ask: 'stop', reason: 'x' } } as const
    await expect(stores().commands.send(newScope(), command)).rejects.toMatchObject({ code: 'not_found' })
    const none = { ...command, session_id: SessionId.parse(v7()) }
    await expect(stores().commands.send(newScope(), none)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('who watches is told, where the store can tell', async () => {
    const { watch } = stores().commands
    if (!watch) return
    const me = v7()
    const { send } = await hold(me)
    const taken = new Promise<number>((resolve, reject) => {
      const stop = watch(
        () =>
          void stores()
            .commands.take(me)
            .then((all) => all.length > 0 && (stop(), resolve(all.length)), reject),
      )
    })
    await send({ ask: 'tracing', enabled: true })
    expect(await taken).toBe(1)
  })
}

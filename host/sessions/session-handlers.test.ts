import { v7 } from 'uuid'
import { expect, onTestFinished, test } from 'vitest'
import type { JournalEvent } from '../../core/contract/session-events.ts'
import { callerWith, startTestHost } from '../testing/start-test-host.ts'
import { watchSession } from '../testing/watch-session.ts'

test('a call through the door: start, say, save, report, stop, list, delete, bring back, resume', async () => {
  const studio = await startTestHost()
  onTestFinished(studio.close)
  const { head } = await studio.call('agent.create', { source: { kind: 'blank' }, name: 'Door' })
  const { agent_id } = head
  const prompt_config = { instructions: 'Answer kindly.' }
  const content = { ...head.content, prompt_config, llm_config: { provider: 'rehearsal', model: 'instant' } }
  await studio.call('agent.save', { agent_id, content, based_on: 1 })

  const { session } = await studio.call('session.start', { agent_id, modality: 'text', seed: 3 })
  const { session_id } = session
  const { journaled } = await watchSession(studio, session_id)
  const seen = (type: JournalEvent['type'], nth: number) => journaled(type, () => true, nth)

  await studio.call('session.say', { session_id, text: ' What is this about? ' })
  await seen('turn.committed', 1)
  await studio.call('agent.save', { agent_id, content: { ...content, description: 'changed mid-call' }, based_on: 2 })
  await seen('config.changed', 1)
  await studio.call('session.report', { session_id, message: 'No microphone.', hint: 'Plug one in.' })
  await studio.call('session.interrupt', { session_id })
  await studio.call('session.say', { session_id, text: 'And now?' })
  await seen('turn.committed', 2)
  expect(await studio.call('session.stop', { session_id })).toMatchObject({ end_reason: 'stopped', turn_count: 2 })
  expect(await studio.call('session.stop', { session_id })).toMatchObject({ end_reason: 'stopped' })
  expect(await studio.dispatch('session.say', { session_id, text: 'x' })).toMatchObject({
    ok: false,
    error: { code: 'conflict' },
  })

  const { events: kept } = await studio.call('session.journal', { session_id })
  expect(kept.filter(({ type }) => type === 'turn.started')).toMatchObject([{ revision: 2 }, { revision: 3 }])
  expect(kept.find(({ type }) => type === 'session.error')).toMatchObject({ source: 'microphone', recoverable: true })
  expect(await studio.call('session.list', { q: 'what about' })).toMatchObject({
    count: 1,
    sessions: [{ session_id, error: 'No microphone.' }],
  })

  await studio.call('session.delete', { session_id })
  expect(await studio.call('session.list', {})).toMatchObject({ count: 0 })
  expect(await studio.dispatch('session.resume', { session_id })).toMatchObject({ ok: false, error: { code: 'conflict' } })
  await studio.call('session.undelete', { session_id })
  expect(await studio.call('session.get', { session_id })).toMatchObject({ preview: 'What is this about?' })
  expect(await studio.call('session.resume', { session_id })).toMatchObject({ session: { attempt: 2, state: 'active' } })

  const strange = { session_id: v7() }
  expect(await studio.dispatch('session.get', strange)).toMatchObject({ ok: false, error: { code: 'not_found' } })
  expect(await studio.host.dispatch(callerWith('viewer'), 'session.stop', { session_id })).toMatchObject({
    ok: false,
    error: { code: 'forbidden' },
  })
  const { processes } = await studio.call('system.info', {})
  expect(processes).toMatchObject([{ kind: 'session', state: 'ready', sessions: 1 }])
})

test('a call that was open when the studio closed is kept, with its reason', async () => {
  const studio = await startTestHost()
  const { head } = await studio.call('agent.create', { source: { kind: 'blank' }, name: 'Closing' })
  const { session } = await studio.call('session.start', { agent_id: head.agent_id, modality: 'text' })
  const again = await studio.restart()
  onTestFinished(again.close)
  const { session_id } = session
  expect(await again.call('session.get', { session_id })).toMatchObject({ state: 'ended', end_reason: 'studio_closed' })
})

/** A host with all kinds of processes, for the test that kills it. Argument: its data folder. Says "calls" and "all" when they are there. */
import { AgentId } from '../../../core/contract/ids.ts'
import { startTestHost } from '../../testing/start-test-host.ts'

const [, , data_dir = ''] = process.argv
const studio = await startTestHost({ data_dir })
const connection_id = 'local'
const { head } = await studio.call('agent.create', { source: { kind: 'blank' }, name: 'Ada' })
const agent_id = AgentId.parse(head.agent_id)
const llm_config = { provider: 'rehearsal' }
const content = { ...head.content, llm_config, stt_config: { provider: 'rehearsal' }, tts_config: { provider: 'espeak' } }
await studio.call('agent.save', { agent_id, content, based_on: 1 })
await studio.call('session.start', { agent_id, modality: 'voice', connection_id })
await studio.call('session.start', { agent_id, modality: 'text', connection_id })
process.send?.('calls')
await studio.call('session.start', { agent_id, modality: 'voice' })
process.send?.('all')
// Each is a process of its own.
for (;;) await studio.call('connection.test', { connection_id }).catch(() => undefined)

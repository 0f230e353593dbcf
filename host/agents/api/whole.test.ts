import { expect, test } from 'vitest'
import { blankAgent } from '../../../core/agent/blank-agent.ts'
import { DocumentJson } from '../../../core/contract/agents.ts'
import { agentId, AUDIT, create, newScope } from '../../stores/testing/samples.ts'
import { openTestStores } from '../../testing/open-test-stores.ts'
import { createWholeReader } from './whole.ts'

test('tenants with the same content see nothing of the state that another one has written into it', async () => {
  const { store } = await openTestStores()
  const { read } = createWholeReader(store)
  const weights = { 'of-a-rival': 100 }
  const content = DocumentJson.parse({ ...blankAgent(agentId('ada'), 'Ada'), routing: { purposes: ['sales'] } })
  const rival = DocumentJson.parse({ ...content, labels: weights, routing: { purposes: ['sales'], weights } })
  const shown = []
  for (const document of [rival, content]) {
    const scope = newScope()
    await store.commit(scope, [create('ada', document)], AUDIT)
    const agent = await store.agents.find(scope, 'ada')
    shown.push((await read(scope, agent!)).document)
  }
  expect(JSON.stringify(shown)).not.toContain('of-a-rival')
  expect(shown[1]).toMatchObject({ routing: { purposes: ['sales'] } })
})

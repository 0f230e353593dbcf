import { AgentId } from '../../core/contract/ids.ts'
import { noStore, startSharedHosts, type SharedStore } from '../../host/testing/shared-hosts.ts'
import { callerOf } from '../../host/testing/start-served-host.ts'
import { watchCall } from '../../host/testing/watch-call.ts'
import type { Measure } from '../measure.ts'

const ann = callerOf('acme', 'admin', 'ann')
const ada = AgentId.parse('ada')
const NAMES = { postgres: 'Postgres', mongodb: 'MongoDB', greenroom: 'another Greenroom' } as const

/** P7 through a store: from the request to save on one instance until the running call of another one says that its next turn uses it. */
export const savedElsewhere = (kind: SharedStore): Measure => ({
  id: 'P7',
  name: `save on one instance → the running call of another uses it, through ${NAMES[kind]}`,
  peer: '–',
  unit: 'ms',
  samples: 50,
  goal: { kind: 'p95', most: 250 },
  skip: () => noStore(kind),
  prepare: async () => {
    const { one, other, close } = await startSharedHosts(kind)
    const { head } = await one.get(ann, 'agent.create', { source: { kind: 'blank' }, name: 'Ada', agent_id: ada })
    const call = await watchCall(other, ann, ada)
    let { revision } = head
    return {
      ours: async () => {
        const content = { ...head.content, description: `saved ${revision} times` }
        const from = performance.now()
        await one.get(ann, 'agent.save', { agent_id: ada, content, based_on: revision })
        revision += 1
        await call.revision(revision)
        return performance.now() - from
      },
      close,
    }
  },
})

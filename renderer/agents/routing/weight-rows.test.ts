import { expect, test } from 'vitest'
import { AgentId } from '../../../core/contract/index.ts'
import { armShares } from './weight-rows.ts'

const arm = (id: string, weight: number) => ({ agent_id: AgentId.parse(id), weight })

test('shares are of those who can answer', () => {
  const arms = [arm('a', 3), arm('b', 1), arm('gone', 4)]
  expect(armShares(arms, (id) => id !== 'gone')).toEqual([
    { agent_id: 'a', share: 0.75, answers: true },
    { agent_id: 'b', share: 0.25, answers: true },
    { agent_id: 'gone', share: 0, answers: false },
  ])
  expect(armShares([arm('a', 0)], () => true)).toEqual([{ agent_id: 'a', share: 0, answers: true }])
})

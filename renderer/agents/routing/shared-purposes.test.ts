import { expect, test } from 'vitest'
import { RoutedAgent } from '../../../core/contract/index.ts'
import { sharedPurposes } from './shared-purposes.ts'

const agent = (id: string, purposes: string[], enabled = true) =>
  RoutedAgent.parse({
    ...{ agent_id: id, name: id.toUpperCase(), enabled, is_default: false, agent_type: 'custom', purposes },
    ...{ has_attributes: false, has_hours: false, dispatch_by_name: false },
  })

test('a purpose that another enabled agent has is told, with the one that answers', () => {
  const agents = [agent('b', ['Math']), agent('a', [' MATH']), agent('c', ['math'], false), agent('d', ['art'])]
  expect(sharedPurposes('b', ['math', 'poems'], agents)).toEqual([{ purpose: 'math', others: ['A'], first: 'a' }])
  expect(sharedPurposes('b', ['poems'], agents)).toEqual([])
})

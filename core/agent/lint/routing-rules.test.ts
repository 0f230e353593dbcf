import { expect, test } from 'vitest'
import { lintAgent } from '../lint.ts'
import { blankAgent } from '../blank-agent.ts'
import { AgentId } from '../../contract/ids.ts'
import { isJsonObject, parseJson } from '../../json.ts'

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const hours = { days: ['mon'], from: '09:00', to: '17:00', time_zone: 'Europe/Berlin' }

test.each<[string, object, readonly [string, string][]]>([
  ['all well', { purposes: ['a'], attributes: [{ key: 'tier', equals: ['x'] }, { key: 'new' }], hours: [hours] }, []],
  ['a time zone that is not there', { hours: [{ ...hours, time_zone: 'Berlin' }] }, [['document', '/routing/hours/0/time_zone']]],
  ['a time that is none', { hours: [{ ...hours, from: '9' }] }, [['document', '/routing/hours/0/from']]],
  ['no days', { hours: [{ ...hours, days: [] }] }, [['document', '/routing/hours/0/days']]],
  ['an attribute without a name', { attributes: [{ key: ' ' }] }, [['document', '/routing/attributes/0/key']]],
  ['a purpose twice', { purposes: ['Math', 'math '] }, [['purpose-twice', '/routing/purposes/1']]],
  ['a key that is read otherwise', { attributes: [{ key: 'purpose' }] }, [['attribute-taken', '/routing/attributes/0/key']]],
  ['none of no values', { attributes: [{ key: 'tier', equals: [] }] }, [['attribute-never', '/routing/attributes/0/equals']]],
  ['always open', { hours: [{ ...hours, days: everyDay, to: '09:00' }] }, [['hours-always', '/routing/hours/0']]],
])('%s', (_what, routing, expected) => {
  const content = parseJson(JSON.stringify({ ...blankAgent(AgentId.parse('ada'), 'Ada'), routing }))
  const found = isJsonObject(content) ? lintAgent(content) : []
  expect(found.filter(({ path }) => path.startsWith('/routing')).map(({ rule, path }) => [rule, path])).toEqual(expected)
})

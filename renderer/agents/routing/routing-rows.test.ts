import { expect, test } from 'vitest'
import { RoutingConfig } from '../../../core/routing/routing-config.ts'
import { attributeJson, hoursJson, newHours, readAttributes, readHours, readPurposes } from './routing-rows.ts'

test('rows survive what is half typed', () => {
  const content = {
    routing: {
      purposes: ['support', 7, null],
      attributes: [{ key: 'tier', equals: ['gold', 3, true] }, 'broken', {}],
      hours: [{ days: ['fri', 'mon', 'someday'], from: '9', time_zone: 4 }, null],
    },
  }
  expect(readPurposes(content)).toEqual(['support', '7', ''])
  expect(readAttributes(content)).toEqual([
    { key: 'tier', equals: ['gold', '3', 'true'] },
    { key: '', equals: [] },
    { key: '', equals: [] },
  ])
  expect(readHours(content)).toEqual([
    { days: ['mon', 'fri'], from: '9', to: '', time_zone: '4' },
    { days: [], from: '', to: '', time_zone: '' },
  ])
  for (const routing of [undefined, null, 'x', { hours: 4 }])
    expect(readHours(routing === undefined ? {} : { routing })).toEqual([])
})

test('what is written is a sound document', () => {
  const routing = {
    attributes: [attributeJson({ key: 'tier', equals: ['gold'] }), attributeJson({ key: 'is_new_user', equals: [] })],
    hours: [hoursJson(newHours())],
  }
  expect(RoutingConfig.parse(routing)).toEqual(routing)
  expect(routing.attributes[1]).toEqual({ key: 'is_new_user' })
})

test('a sample shows what leads to it although its document says nothing', () => {
  expect(readPurposes({ agent_id: 'sales-agent-v1' })).toEqual(['sales'])
  expect(readPurposes({ agent_id: 'sales-agent-v1', routing: { purposes: [] } })).toEqual([])
  expect(readAttributes({ agent_id: 'onboarding-agent-v1' })).toEqual([{ key: 'is_new_user', equals: [] }])
})

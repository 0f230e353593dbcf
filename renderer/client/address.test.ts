import { expect, test } from 'vitest'
import { formatRoute, parseRoute, type Route } from './address.ts'

test('every route survives the address', () => {
  const routes: Route[] = [
    { screen: 'agents', agent_id: 'pte-v1', tab: 'output' },
    { screen: 'agents', tab: 'prompt' },
    { screen: 'calls', session_id: '0197' },
    { screen: 'calls' },
    { screen: 'models' },
    { screen: 'models', tab: 'prices' },
    { screen: 'models', tab: 'keys', open: 'import' },
    { screen: 'settings' },
    { screen: 'settings', part: 'livekit' },
    { screen: 'calls', watch: { connection_id: 'local', room_name: 'a/b c' } },
  ]
  for (const route of routes) expect(parseRoute(formatRoute(route))).toEqual(route)
})

test('an address that means nothing opens the agents', () => {
  expect(parseRoute('')).toEqual({ screen: 'agents', tab: 'prompt' })
  expect(parseRoute('#/nonsense/%E0%A4%A')).toMatchObject({ screen: 'agents' })
  expect(parseRoute('#/agents/a/nonsense')).toEqual({ screen: 'agents', agent_id: 'a', tab: 'prompt' })
})

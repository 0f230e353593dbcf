import { expect, test } from 'vitest'
import { releaseOperations } from './releases.ts'

test('a bound that is none is refused by its name, as a rollout that nothing stops would follow', () => {
  const wanted = { agent_id: 'ada', version: '1.1.0', share: 0.1 }
  const { input } = releaseOperations['release.create']
  expect(input.parse({ ...wanted, bounds: { max_silence_p95_ms: 900 } }).bounds).toEqual({
    max_error_rate: 0.2,
    max_silence_p95_ms: 900,
    min_sessions: 20,
  })
  expect(input.safeParse({ ...wanted, bounds: { max_silence_ms: 900 } }).error?.issues).toMatchObject([
    { code: 'unrecognized_keys', keys: ['max_silence_ms'], path: ['bounds'] },
  ])
})

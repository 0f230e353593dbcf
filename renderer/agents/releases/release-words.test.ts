import { expect, test } from 'vitest'
import { AgentId, type AgentVersion } from '../../../core/contract/index.ts'
import type { ArmStats, Release } from '../../../core/contract/releases.ts'
import { armsOf, judgementWords, releasable, releaseAtWork } from './release-words.ts'

const release = (state: Release['state']): Release => ({
  ...{ release_id: state, agent_id: AgentId.parse('ada'), version: '1.1.0', previous: '1.0.0', share: 0.1, state },
  ...{ bounds: { max_error_rate: 0.2, min_sessions: 20 }, created_at: 1, updated_at: 1 },
})
const stats = (version: string, sessions: number): ArmStats => ({ version, sessions, turns: 0, error_rate: 0 })

test('what can be released is everything but what everybody has, newest first', () => {
  const published = ['1.0.0', '1.2.0', '1.1.0'].map((version, created_at) => ({ version, created_at }) as AgentVersion)
  expect(releasable(published, '1.2.0')).toEqual(['1.1.0', '1.0.0'])
})

test('a release that rolls, or the newest that was stopped, is at work', () => {
  expect(releaseAtWork([])).toBeUndefined()
  expect(releaseAtWork([release('stopped'), release('rolling')])?.state).toBe('rolling')
  expect(releaseAtWork([release('stopped'), release('complete')])?.state).toBe('stopped')
  expect(releaseAtWork([release('complete'), release('stopped')])).toBeUndefined()
})

test('both versions are shown, had they calls or not', () => {
  expect(armsOf(release('rolling'), [stats('1.1.0', 3)]).map(({ name, stats }) => [name, stats?.sessions])).toEqual([
    ['1.0.0', undefined],
    ['1.1.0', 3],
  ])
})

test('how far the automatic stop is', () => {
  const words = (sessions: number) => judgementWords(release('rolling'), [stats('1.1.0', sessions)])
  expect(words(0)).toMatch(/^Nobody has called 1\.1\.0 yet.*20 calls\.$/)
  expect(words(7)).toMatch(/7 of the 20 calls/)
  expect(words(20)).toMatch(/^Judged with every call/)
})

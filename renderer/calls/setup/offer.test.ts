import { expect, test } from 'vitest'
import type { ModelSet } from '../../../core/contract/index.ts'
import type { AnsweringPart } from './answering-parts.ts'
import { offlineOffer } from './offer.ts'

const set: ModelSet = {
  set_id: 'starter',
  name: '',
  download_bytes: 1,
  disk_bytes: 1,
  licence: '',
  model_ids: [],
  installed: false,
  folder: '',
}
const part = (more: Partial<AnsweringPart>): AnsweringPart => ({
  kind: 'llm',
  does: 'Thinks',
  name: 'Real',
  detail: '',
  state: 'ready',
  then: [],
  ...more,
})

test('whoever has a rehearsal or a stand-in is offered the real thing; nobody else is', () => {
  expect(offlineOffer([part({ name: 'Rehearsal (no AI)' })], [set])).toEqual({ kind: 'fetch', set, can_start: true })
  expect(offlineOffer([part({ state: 'missing' })], [set])).toMatchObject({ can_start: false })
  expect(offlineOffer([part({ state: 'substitute' })], [{ ...set, installed: true }])).toEqual({ kind: 'use' })
  expect(offlineOffer([part({})], [set])).toBeUndefined()
  expect(offlineOffer([part({ state: 'rehearsed' })], [set])).toBeUndefined()
})

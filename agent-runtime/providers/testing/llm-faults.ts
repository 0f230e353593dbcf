import type { Fault } from './fault.ts'

/** Faults that only patience ends. */
export const HANGS: readonly Fault[] = ['hang', 'silent', 'hang_midstream']
/** What is told of each fault that an LLM can have. */
export const LLM_FAULTS: readonly (readonly [Fault, { code: string; message: RegExp }])[] = [
  ['refused', { code: 'provider_failed', message: /Nothing answers at http:\/\/127/ }],
  ['hang', { code: 'provider_failed', message: /did not answer in time/ }],
  ['silent', { code: 'provider_failed', message: /did not answer in time/ }],
  ['hang_midstream', { code: 'provider_failed', message: /did not answer in time/ }],
  ['drop_midstream', { code: 'provider_failed', message: /broke off its answer/ }],
  ['status_401', { code: 'provider_failed', message: /does not accept the key of env:TEST_KEY/ }],
  ['status_402', { code: 'provider_failed', message: /402/ }],
  ['status_429', { code: 'rate_limited', message: /refuses more requests for now/ }],
  ['status_500', { code: 'provider_failed', message: /fault of its own \(500\)/ }],
  ['status_503', { code: 'provider_failed', message: /fault of its own \(503\)/ }],
  ['garbage', { code: 'provider_failed', message: /cannot be read/ }],
  ['half_json', { code: 'provider_failed', message: /cannot be read|broke off/ }],
]

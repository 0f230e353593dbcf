import { expect, test } from 'vitest'
import { icePath, pathDetails, pathWord } from './ice-path.ts'

const report = (local: object, remote: object, pair: object = {}) =>
  new Map<string, unknown>([
    ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
    ['P', { type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', currentRoundTripTime: 0.0042, ...pair }],
    ['L', { type: 'local-candidate', ...local }],
    ['R', { type: 'remote-candidate', ...remote }],
  ])

test('the chosen pair says by which way sound goes', () => {
  const path = icePath(report({ candidateType: 'prflx', protocol: 'udp' }, { candidateType: 'host', protocol: 'udp' }))
  expect(path).toEqual({ protocol: 'udp', local: 'prflx', remote: 'host', round_trip_ms: 4.2 })
  expect(path && pathWord(path)).toBe('UDP')
  expect(path && pathDetails(path)).toContain('Round trip 4 ms')
})

test('a TURN server in between is named with how it is reached', () => {
  const path = icePath(report({ candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' }, { candidateType: 'host' }))
  expect(path && pathWord(path)).toBe('TURN/tls')
})

test('without a transport report the nominated pair counts; without any there is no path', () => {
  const stats = report({ candidateType: 'host', protocol: 'tcp' }, {}, { state: 'succeeded', nominated: true })
  stats.delete('T')
  expect(icePath(stats)).toMatchObject({ protocol: 'tcp', local: 'host' })
  stats.delete('P')
  expect(icePath(stats)).toBeUndefined()
})

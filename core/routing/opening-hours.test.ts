import { expect, test } from 'vitest'
import { opensAt } from './opening-hours.ts'
import { DAYS, HoursRule } from './routing-config.ts'

const rule = (changes: Partial<HoursRule> = {}): HoursRule =>
  HoursRule.parse({ days: ['mon'], from: '09:00', to: '17:00', time_zone: 'Europe/Berlin', ...changes })
const isOpen = (changes: Partial<HoursRule>, at: string) => opensAt(Date.parse(at))(rule(changes))

// 2026-11-23 is a Monday; Berlin is an hour ahead of UTC then, and two in summer.
test.each<[string, Partial<HoursRule>, string, boolean]>([
  ['opens on the minute', {}, '2026-11-23T08:00:00Z', true],
  ['not before', {}, '2026-11-23T07:59:59Z', false],
  ['closes on the minute', {}, '2026-11-23T16:00:00Z', false],
  ['open to the last second', {}, '2026-11-23T15:59:59Z', true],
  ['not on another day', {}, '2026-11-24T10:00:00Z', false],
  ['the day is that of the time zone', { from: '00:00', to: '01:00' }, '2026-11-22T23:30:00Z', true],
  ['over midnight: the evening', { from: '22:00', to: '06:00' }, '2026-11-23T21:30:00Z', true],
  ['over midnight: the morning after', { from: '22:00', to: '06:00' }, '2026-11-24T04:59:00Z', true],
  ['over midnight: not the morning of that day', { from: '22:00', to: '06:00' }, '2026-11-23T03:00:00Z', false],
  ['over midnight from Sunday to Monday', { days: ['sun'], from: '22:00', to: '02:00' }, '2026-11-23T00:30:00Z', true],
  ['from and to alike: a whole day', { from: '08:00', to: '08:00' }, '2026-11-24T06:59:00Z', true],
  ['and no longer', { from: '08:00', to: '08:00' }, '2026-11-24T07:00:00Z', false],
  ['midnight is 00:00', { from: '00:00', to: '00:01' }, '2026-11-22T23:00:00Z', true],
  ['in summer', {}, '2026-07-20T07:00:00Z', true],
  ['in summer, by the clock on the wall', {}, '2026-07-20T15:00:00Z', false],
  ['the hour that is there twice, first', { days: ['sun'], from: '02:00', to: '03:00' }, '2026-10-25T00:30:00Z', true],
  ['the hour that is there twice, again', { days: ['sun'], from: '02:00', to: '03:00' }, '2026-10-25T01:30:00Z', true],
  ['after the hour that is left out', { days: ['sun'], from: '02:30', to: '03:30' }, '2026-03-29T01:10:00Z', true],
  ['half-hour zones', { time_zone: 'Asia/Kolkata' }, '2026-11-23T03:30:00Z', true],
])('%s', (_what, changes, at, open) => {
  expect(isOpen(changes, at)).toBe(open)
})

test('every minute of a week is open in exactly one of two rules that share it', () => {
  const day = rule({ days: [...DAYS], from: '07:00', to: '19:00' })
  const night = rule({ days: [...DAYS], from: '19:00', to: '07:00' })
  const start = Date.parse('2026-03-28T00:00:00Z')
  for (let minute = 0; minute < 2 * 24 * 60; minute += 7) {
    const opens = opensAt(start + minute * 60_000)
    expect(opens(day)).not.toBe(opens(night))
  }
})

test('a moment or a zone that no clock knows is closed', () => {
  expect(opensAt(Number.NaN)(rule())).toBe(false)
  expect(opensAt(Date.now())({ ...rule(), time_zone: 'Mars/Olympus' })).toBe(false)
  expect(HoursRule.safeParse({ ...rule(), time_zone: 'Mars/Olympus' }).success).toBe(false)
})

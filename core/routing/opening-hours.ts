import { DAYS, type HoursRule } from './routing-config.ts'

/** A moment as a clock on the wall shows it. */
type WallTime = Readonly<{ day: number; minute: number }>

/** Says of any rule whether it is open at `now`, ms; each time zone is worked out once, for that is slow. */
export function opensAt(now: number): (rule: HoursRule) => boolean {
  const zones = new Map<string, WallTime | undefined>()
  return (rule) => {
    if (!zones.has(rule.time_zone)) zones.set(rule.time_zone, wallTime(now, rule.time_zone))
    const time = zones.get(rule.time_zone)
    return time !== undefined && isOpen(rule, time)
  }
}

/** What clocks show in a time zone, such as `Tue 14:05`; undefined for a zone or a moment that no clock knows. */
export function clockText(now: number, time_zone: string): string | undefined {
  const time = wallTime(now, time_zone)
  const day = time && DAYS[time.day]
  if (!time || !day) return undefined
  const two = (number: number) => String(number).padStart(2, '0')
  return `${day[0]?.toUpperCase() ?? ''}${day.slice(1)} ${two(Math.floor(time.minute / 60))}:${two(time.minute % 60)}`
}

function isOpen({ days, from, to }: HoursRule, { day, minute }: WallTime): boolean {
  const isOf = (number: number) => days.some((one) => DAYS.indexOf(one) === number)
  const [opens, closes] = [minuteOf(from), minuteOf(to)]
  if (opens < closes) return isOf(day) && minute >= opens && minute < closes
  return (isOf(day) && minute >= opens) || (isOf((day + DAYS.length - 1) % DAYS.length) && minute < closes)
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** Daylight saving is the time zone's own: rules speak of wall time. */
function wallTime(now: number, time_zone: string): WallTime | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: time_zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
    const day = DAYS.findIndex((one) => one === parts.get('weekday')?.toLowerCase())
    return day < 0 ? undefined : { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) }
  } catch {
    return undefined
  }
}

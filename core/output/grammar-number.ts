import { wholeBounds } from './field-limits.ts'
import type { FieldConstraints } from './field-rule.ts'
import { choice, quotedJson } from './grammar-text.ts'
import { numberProblems } from './validate-output.ts'

/** Fifteen digits: every such number is exact. */
const LARGEST = 999_999_999_999_999
/** As many values of a step are offered; a grammar cannot divide. */
const MOST_STEPS = 200
/** A range as narrow as this is offered as points. */
const NARROW = 10
const DIGIT = '[0-9]'

/** Whole numbers within the limits. Of multiples, those nearest to the limits or to zero. */
export function wholeNumber(limits: FieldConstraints): string {
  if (limits.multiple_of !== undefined) {
    const steps = multiples(limits).filter(Number.isSafeInteger)
    if (steps.length > 0) return choice(steps.map(quotedJson))
  }
  const { low, high } = wholeBounds(limits)
  return wholeRange(Math.max(low, high < -LARGEST ? high : -LARGEST), Math.min(high, low > LARGEST ? low : LARGEST))
}

/** Numbers within the limits, with up to three decimals where the range is wide. */
export function anyNumber(limits: FieldConstraints): string {
  if (limits.multiple_of !== undefined) {
    const steps = multiples(limits)
    if (steps.length > 0) return choice(steps.map(quotedJson))
  }
  const low = Math.max(limits.ge ?? -LARGEST, limits.gt ?? -LARGEST)
  const high = Math.min(limits.le ?? LARGEST, limits.lt ?? LARGEST)
  if (high - low <= NARROW) return choice(points(low, high, limits).map(quotedJson))
  const whole = wholeBounds({ ...limits, ge: Math.ceil(low), le: Math.floor(high) })
  const decimals = `("." ${DIGIT}{1,3})`
  // What lies between n and n + 1 is within limits that both are within; -0.5 lies between -1 and 0.
  const above = whole.high >= 1 ? [`${wholeRange(Math.max(0, whole.low), whole.high - 1)} ${decimals}?`] : []
  const below = whole.low <= -1 ? [`"-" ${wholeRange(Math.max(0, -whole.high), -whole.low - 1)} ${decimals}`] : []
  return choice([...above, ...below, wholeRange(whole.low, whole.high)])
}

function multiples(limits: FieldConstraints): number[] {
  const step = limits.multiple_of ?? 1
  const low = Math.max(limits.ge ?? -Infinity, limits.gt ?? -Infinity)
  const high = Math.min(limits.le ?? Infinity, limits.lt ?? Infinity)
  const first = Number.isFinite(low)
    ? Math.ceil(low / step)
    : Number.isFinite(high)
      ? Math.floor(high / step) - MOST_STEPS
      : -MOST_STEPS / 2
  return Array.from({ length: MOST_STEPS + 1 }, (_, index) => exact((first + index) * step)).filter(
    (value) => numberProblems(limits, value).length === 0,
  )
}

/** About a hundred points of a narrow range, on round decimals, with those of its ends that belong to it. */
function points(low: number, high: number, limits: FieldConstraints): number[] {
  const step = 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-9) / NARROW))
  const first = Math.ceil(low / step)
  const inside = Array.from({ length: Math.floor((high - low) / step) + 2 }, (_, index) => exact((first + index) * step))
  const found = [low, ...inside, high, (low + high) / 2].filter((value) => numberProblems(limits, value).length === 0)
  return [...new Set(found)].slice(0, MOST_STEPS)
}

const exact = (value: number): number => Number(value.toPrecision(12)) + 0

/** Every whole number from `low` to `high`, digit by digit. */
function wholeRange(low: number, high: number): string {
  const below = low < 0 ? [`"-" ${choice(digits(Math.max(1, -high), -low))}`] : []
  const above = high >= 0 ? digits(Math.max(0, low), high) : []
  return choice([...below, ...above])
}

function digits(low: number, high: number): string[] {
  const found: string[] = []
  for (let length = String(low).length; length <= String(high).length; length++) {
    const from = Math.max(low, length === 1 ? 0 : 10 ** (length - 1))
    const to = Math.min(high, 10 ** length - 1)
    found.push(...sameLength(String(from), String(to)))
  }
  return found
}

/** Numbers of as many digits as `from` and `to` have. */
function sameLength(from: string, to: string): string[] {
  const [first = '', last = ''] = [from.charAt(0), to.charAt(0)]
  const rest = from.length - 1
  if (/^0*$/.test(from) && /^9*$/.test(to)) return [`${DIGIT}{${from.length}}`]
  if (rest === 0) return [`[${first}-${last}]`]
  const after = (digit: string, a: string, b: string) => `"${digit}" ${choice(sameLength(a, b))}`
  if (first === last) return [after(first, from.slice(1), to.slice(1))]
  const [next, before] = [Number(first) + 1, Number(last) - 1]
  return [
    after(first, from.slice(1), '9'.repeat(rest)),
    ...(next <= before ? [`[${next}-${before}] ${DIGIT}{${rest}}`] : []),
    after(last, '0'.repeat(rest), to.slice(1)),
  ]
}

import type { Result } from './measure.ts'

const amount = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))

/** One line per measure, aligned for a terminal. */
export function table(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.id,
    result.name,
    `${amount(result.ours.median)} (${amount(result.ours.min)}–${amount(result.ours.max)}) ${result.unit}`,
    result.theirs
      ? `${amount(result.theirs.median)} (${amount(result.theirs.min)}–${amount(result.theirs.max)}) ${result.unit}`
      : '–',
    result.peer,
    result.goal.kind === 'ratio' ? `${result.value.toFixed(2)}×` : `p95 ${amount(result.value)} ${result.unit}`,
    result.goal.kind === 'ratio' ? `≤ ${result.goal.most}×` : `≤ ${result.goal.most} ${result.unit}`,
    result.met ? '✓' : '✗ falls short',
  ])
  const all = [['', 'measure', 'ours: median (min–max)', 'peer: median (min–max)', 'peer', 'result', 'goal', ''], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

import type { StudioError } from '../../core/contract/errors.ts'

/** Where a command's results (stdout) and words about them (stderr) go. */
export type Output = Readonly<{
  result: (text: string) => void
  /** For `--json`: one value on one line. */
  json: (value: unknown) => void
  note: (text: string) => void
  /** Rewrites one line where stderr is a terminal. */
  progress: (text: string) => void
}>

type Stream = Readonly<{ write: (text: string) => unknown; isTTY?: boolean }>

export function createOutput(stdout: Stream, stderr: Stream): Output {
  let progress = ''
  /** A line that is rewritten in place has no end yet. */
  const endProgress = (): string => {
    const isOpen = progress !== '' && stderr.isTTY === true
    progress = ''
    return isOpen ? '\n' : ''
  }
  return {
    result: (text) => void stdout.write(`${text}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    note: (text) => void stderr.write(`${endProgress()}${text}\n`),
    progress: (text) => {
      if (text === progress) return
      progress = text
      stderr.write(stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
    },
  }
}

/** What went wrong, where, and the way out. */
export const failureText = ({ message, hint, problems }: Pick<StudioError, 'message' | 'hint' | 'problems'>): string =>
  [`greenroom: ${message}`, ...problems.map((problem) => `  ${problem.path || '/'}: ${problem.message}`), `  ${hint}`].join('\n')

/** Columns under each other, two spaces between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

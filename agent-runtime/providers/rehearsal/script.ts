/** The lines that the rehearsal STT will have heard: one for each time that the caller has spoken. */
export type Script = Readonly<{
  /** What was typed while the caller speaks goes before the script's next line. */
  type: (line: string) => void
  next: () => string | undefined
}>

export function createScript(lines: readonly string[]): Script {
  const typed: string[] = []
  const rest = [...lines]
  return {
    type: (line) => void typed.push(line),
    next: () => typed.shift() ?? rest.shift(),
  }
}

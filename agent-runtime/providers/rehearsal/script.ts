/** The lines that the rehearsal STT will have heard: one for each time that the caller has spoken. */
export type Script = Readonly<{ next: () => string | undefined }>

export function createScript(lines: readonly string[]): Script {
  const rest = [...lines]
  return { next: () => rest.shift() }
}

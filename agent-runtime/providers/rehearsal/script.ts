/** The lines that the rehearsal STT will have heard: one for each time that the caller has spoken. */
export type Script = Readonly<{ next: () => string | undefined; any: () => boolean }>

export function createScript(lines: readonly string[]): Script {
  const rest = [...lines]
  return { next: () => rest.shift(), any: () => rest.length > 0 }
}

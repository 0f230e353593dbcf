/** What the caller typed and no process has confirmed yet, oldest first. */
export type UnansweredLines = Readonly<{
  add: (text: string) => void
  heard: (text: string) => void
  /** For the process that replaces the one that got them. Each line comes once: one that kills every process must not end the call. */
  takeAgain: () => readonly string[]
}>

export function createUnansweredLines(): UnansweredLines {
  let lines: string[] = []
  return {
    add: (text) => void lines.push(text),
    /** `text` may be more than the line: what is typed while the caller speaks joins what was said. */
    heard: (text) => {
      const index = lines.findIndex((line) => text.includes(line))
      lines = lines.filter((_, at) => at !== index)
    },
    takeAgain: () => {
      const again = lines
      lines = []
      return again
    },
  }
}

export type PaletteCommand = Readonly<{ id: string; label: string; keys?: string; run: () => void }>

/** Every word must begin a word of the label; without a query all are shown. */
export function matchCommands(commands: readonly PaletteCommand[], query: string): readonly PaletteCommand[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter(({ label }) => {
    const words = label.toLowerCase().split(/[\s:&]+/)
    return wanted.every((part) => words.some((word) => word.startsWith(part)))
  })
}

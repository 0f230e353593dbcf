/** The list with `source` at its end; as it was when it is empty or there already. */
export function withSource(sources: readonly string[], source: string): readonly string[] {
  const clean = source.trim()
  return clean === '' || sources.includes(clean) ? sources : [...sources, clean]
}

/** The one at `index` one place up or down; as it was at either end. */
export function moved(sources: readonly string[], index: number, by: -1 | 1): readonly string[] {
  const source = sources[index]
  const target = index + by
  if (source === undefined || target < 0 || target >= sources.length) return sources
  const rest = sources.filter((_, at) => at !== index)
  return [...rest.slice(0, target), source, ...rest.slice(target)]
}

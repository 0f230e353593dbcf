/** Keeps what was loaded last: a model that nobody has asked for lately gives its memory back. */
export type ModelCache<Value> = (key: string, load: () => Promise<Value>) => Promise<Value>

export function createModelCache<Value>(most: number): ModelCache<Value> {
  const known = new Map<string, Promise<Value>>()
  return (key, load) => {
    const value = known.get(key) ?? load()
    known.delete(key)
    known.set(key, value)
    value.catch(() => known.delete(key))
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    return value
  }
}

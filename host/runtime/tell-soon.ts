/** Tells of changes: many at once as one, after `wait_ms`. */
export function tellSoon(tell: () => void, wait_ms: number): Readonly<{ soon: () => void; stop: () => void }> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  return {
    soon() {
      if (stopped || timer) return
      timer = setTimeout(() => {
        timer = undefined
        tell()
      }, wait_ms).unref()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

export type SocketOptions = Readonly<{
  /** Asked anew for each attempt, so that a stream can go on from where it was. */
  url: () => string
  onMessage: (text: string) => void
  /** The connection was lost or could not be made; another attempt follows. */
  onDown?: () => void
}>

const FIRST_DELAY_MS = 200
const LAST_DELAY_MS = 5_000

/** Doubles with each failure up to five seconds, spread so that many windows do not come back in step. */
export const backOff = (failures: number, random: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** Math.min(failures, 10), LAST_DELAY_MS) * (0.75 + random / 2)

/** A WebSocket that comes back by itself until it is closed here. */
export function openSocket({ url, onMessage, onDown }: SocketOptions): { close: () => void } {
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let closed = false

  const connect = () => {
    clearTimeout(timer)
    timer = undefined
    socket = new WebSocket(url())
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      failures = 0
      if (typeof data === 'string') onMessage(data)
    }
    socket.onclose = () => {
      if (closed) return
      onDown?.()
      timer = setTimeout(connect, backOff(failures, Math.random()))
      failures += 1
    }
  }
  /** The machine woke up or the window came back: do not sit out a long delay. */
  const hurry = () => {
    if (timer !== undefined && document.visibilityState !== 'hidden') connect()
  }

  window.addEventListener('online', hurry)
  document.addEventListener('visibilitychange', hurry)
  connect()
  return {
    close: () => {
      closed = true
      clearTimeout(timer)
      window.removeEventListener('online', hurry)
      document.removeEventListener('visibilitychange', hurry)
      socket?.close()
    },
  }
}

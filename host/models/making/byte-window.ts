import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Reads a large file from place to place without holding it whole. Throws `it is cut off` past its end. */
export type ByteWindow = Readonly<{
  size: number
  /** A copy of the bytes. */
  bytes: (at: number, length: number) => Buffer
  close: () => void
}>

const AHEAD = 1 << 20

export function openWindow(path: string): ByteWindow {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  let start = 0
  let held: Buffer = Buffer.alloc(0)
  const read = (at: number, length: number): Buffer => {
    const buffer = Buffer.alloc(Math.min(length, size - at))
    let done = 0
    while (done < buffer.length) {
      const count = readSync(file, buffer, done, buffer.length - done, at + done)
      if (count === 0) throw new Error('it is cut off')
      done += count
    }
    return buffer
  }
  return {
    size,
    bytes(at, length) {
      if (at < 0 || length < 0 || at + length > size) throw new Error('it is cut off')
      if (length > AHEAD) return read(at, length)
      if (at < start || at + length > start + held.length) {
        start = at
        held = read(at, AHEAD)
      }
      return Buffer.from(held.subarray(at - start, at - start + length))
    },
    close: () => closeSync(file),
  }
}

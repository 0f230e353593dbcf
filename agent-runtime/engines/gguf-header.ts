import { open } from 'node:fs/promises'

const HEADER_BYTES = 24
const VERSIONS: readonly number[] = [2, 3]
const MOST_ENTRIES = 100_000n

/** Throws when a file cannot be a GGUF: a reader of its lists would count for hours. */
export async function checkGguf(path: string): Promise<void> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    if (bytesRead < HEADER_BYTES || buffer.toString('latin1', 0, 4) !== 'GGUF') throw new Error('it is not a GGUF file')
    const version = buffer.readUInt32LE(4)
    if (!VERSIONS.includes(version)) throw new Error(`its GGUF version ${version} is not known`)
    if (buffer.readBigUInt64LE(8) > MOST_ENTRIES || buffer.readBigUInt64LE(16) > MOST_ENTRIES) throw new Error('it is damaged')
  } finally {
    await file.close()
  }
}

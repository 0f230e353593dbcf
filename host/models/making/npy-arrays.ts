import { buffer } from 'node:stream/consumers'
import { openPromise } from 'yauzl'

/** The arrays of an .npz in the order of their names: their raw bytes, which must be little-endian 32-bit floats. */
export async function floatArrays(npz: string): Promise<{ name: string; shape: number[]; bytes: Buffer }[]> {
  const zip = await openPromise(npz)
  const arrays: { name: string; shape: number[]; bytes: Buffer }[] = []
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('.npy')) continue
      const file = await buffer(await zip.openReadStreamPromise(entry))
      arrays.push({ name: entry.fileName.slice(0, -'.npy'.length), ...parseNpy(file) })
    }
  } finally {
    zip.close()
  }
  return arrays.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function parseNpy(file: Buffer): { shape: number[]; bytes: Buffer } {
  const isOld = file[6] === 1
  const start = isOld ? 10 : 12
  const end = start + (isOld ? file.readUInt16LE(8) : file.readUInt32LE(8))
  const header = file.subarray(start, end).toString('latin1')
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]
  if (file.toString('latin1', 1, 6) !== 'NUMPY' || !header.includes("'<f4'") || header.includes('True') || shape === undefined) {
    throw new Error('an array of the voices is not of plain floats')
  }
  return { shape: shape.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)])), bytes: file.subarray(end) }
}

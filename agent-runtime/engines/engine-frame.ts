/** A binary message between engine and client: u32 LE request id, then PCM16 LE mono. */
const HEADER_BYTES = 4

export function encodeFrame(id: number, pcm: Int16Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + pcm.byteLength)
  new DataView(frame.buffer).setUint32(0, id, true)
  frame.set(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), HEADER_BYTES)
  return frame
}

/** Copies the samples, since a message's bytes need not lie on an even address. Throws RangeError when it is too short or odd. */
export function decodeFrame(frame: Uint8Array): { id: number; pcm: Int16Array } {
  if (frame.byteLength < HEADER_BYTES || frame.byteLength % 2 !== 0) throw new RangeError('an audio message is cut off')
  const id = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES).getUint32(0, true)
  return { id, pcm: new Int16Array(new Uint8Array(frame.subarray(HEADER_BYTES)).buffer) }
}

import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

/** The number that this text draws for ever: between 0 and 1, never either; 48 bits of a hash. */
export function drawnNumber(text: string): number {
  const hash = sha256(utf8ToBytes(text))
  const bits = hash.subarray(0, 6).reduce((number, byte) => number * 256 + byte, 0)
  return (bits + 0.5) / 2 ** 48
}

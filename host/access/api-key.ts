/**
 * The values of API keys. Threat: somebody reads the store (only SHA-256 is there, of 256 random bits, which nobody can guess back), a
 * scanner or a log finds a key that was leaked (the prefix tells what it is), and guesses cost the store a question each (the checksum
 * refuses what was never a key, without asking anybody).
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

const PREFIX = 'gr_'
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** So many letters hold 256 bits, and so many a checksum of 32. */
const SECRET_LETTERS = 43
const SUM_LETTERS = 6
const SHOWN_LETTERS = PREFIX.length + 6
const SHAPE = new RegExp(`^${PREFIX}[${LETTERS}]{${SECRET_LETTERS + SUM_LETTERS}}$`)

export function makeKeyValue(): string {
  const secret = PREFIX + inLetters(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_LETTERS)
  return secret + checksum(secret)
}

/** Whether it has the shape and the checksum of a key; says nothing of whether there is one. */
export const isKeyValue = (value: string): boolean => SHAPE.test(value) && value.endsWith(checksum(value.slice(0, -SUM_LETTERS)))

/** What is kept of a key. */
export const hashOfKey = (value: string): string => hash('sha256', value, 'hex')

/** What tells keys apart in lists. */
export const shownPart = (value: string): string => value.slice(0, SHOWN_LETTERS)

/** In a time that does not tell where two hashes differ. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const checksum = (text: string): string => inLetters(BigInt(crc32(text)), SUM_LETTERS)

function inLetters(number: bigint, length: number): string {
  let rest = number
  let text = ''
  for (let at = 0; at < length; at++) {
    text = (LETTERS[Number(rest % 62n)] ?? '') + text
    rest /= 62n
  }
  return text
}

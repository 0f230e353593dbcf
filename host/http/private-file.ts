import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import type * as z from 'zod'

/** Undefined when the file is not there or does not hold what it should, so that damage never keeps the studio from starting. */
export async function readPrivateJson<Value>(file: string, shape: z.ZodType<Value>): Promise<Value | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return shape.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** For this user alone, and whole or not at all: a reader never sees half of it. */
export async function writePrivateJson(file: string, value: unknown): Promise<void> {
  const next = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(next, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(value)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await rename(next, file)
  } catch (cause) {
    await rm(next, { force: true })
    throw cause
  }
}

import { createServer } from 'node:net'
import { StudioError } from '../../core/contract/errors.ts'

/** The port that was asked for, or the one of the last start if it is free, or 0 for any. Throws `unavailable` when the asked one is taken. */
export async function choosePort(asked: number | undefined, remembered: number): Promise<number> {
  if (asked !== undefined && asked !== 0) {
    if (await isFree(asked)) return asked
    throw new StudioError('unavailable', `Port ${asked} is taken.`, 'Choose another one with --port, or leave it out.')
  }
  return remembered !== 0 && (await isFree(remembered)) ? remembered : 0
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })

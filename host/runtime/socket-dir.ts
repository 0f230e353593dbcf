import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'

/** Short on purpose: the path of a local socket may have about 100 characters. */
const NAME = /^greenroom-(\d+)-/

/** A folder only for this user (mode 0700) and this process; what killed hosts left behind is removed on the way. */
export async function makeSocketDir(log: Logger): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = NAME.exec(name)?.[1]
    if (!pid || isRunning(Number(pid))) continue
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch((error: unknown) =>
      log.debug({ error, name }, 'a folder of another user was left alone'),
    )
  }
  return mkdtemp(join(tmpdir(), `greenroom-${process.pid}-`))
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Only ESRCH says that there is no such process; a process of another user runs too.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

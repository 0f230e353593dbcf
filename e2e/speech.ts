import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SpokenLine = Readonly<{ text: string; pause_s: number }>

/**
 * A WAV of a caller: each line spoken by the built-in voice, followed by its pause; null without weights. Made in a process of its own,
 * because the speech library may end the one that it runs in.
 */
export function recordCaller(lines: readonly SpokenLine[], lead_s = 1): string | null {
  const models = process.env.GREENROOM_TEST_MODELS
  return models ? record(models, lines, lead_s) : null
}

/** The same without weights: a robot's voice, which is heard as speech and hardly understood. */
export const recordAnyCaller = (lines: readonly SpokenLine[], lead_s = 1): string =>
  record(process.env.GREENROOM_TEST_MODELS ?? '', lines, lead_s)

function record(models: string, lines: readonly SpokenLine[], lead_s: number): string {
  const file = join(mkdtempSync(join(tmpdir(), 'greenroom-caller-')), 'caller.wav')
  const made = spawnSync(
    process.env.GREENROOM_NODE ?? process.execPath,
    [join(import.meta.dirname, 'record-caller.ts'), models, file, JSON.stringify({ lines, lead_s })],
    { encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`the caller could not be recorded: ${made.stderr}`)
  return file
}

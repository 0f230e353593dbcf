import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { StudioError } from '../../core/contract/errors.ts'
import { writeWhole } from '../bundles/folder.ts'
import { variablesOf } from './call-variables.ts'
import type { CommandContext } from './command-context.ts'
import { runCall, type CallRequest } from './run-call.ts'
import { readWav } from './wav.ts'

export type CallOptions = Readonly<{
  text: readonly string[]
  wav?: string
  out?: string
  seed?: number
  var: readonly string[]
  timeout: number
}>

/** One JSON line per event, as it happens. */
export async function callAgent(
  { studio, out, signal }: CommandContext,
  agent_id: string,
  options: CallOptions,
  stdin: Readable,
): Promise<number> {
  if (options.text.length === 0 && options.wav === undefined)
    throw new StudioError(
      'malformed',
      'There is nothing to say',
      'Give --text "…" (or --text - for lines from standard input), --wav FILE, or both.',
    )
  const sound = options.wav === undefined ? undefined : readWav(readSound(options.wav))
  const request: CallRequest = {
    agent_id,
    lines: linesOf(options.text, stdin),
    isVoice: options.wav !== undefined || options.out !== undefined,
    variables: variablesOf(options.var),
    timeout_ms: options.timeout * 1000,
    signal,
    onEvent: out.json,
    ...(sound && { sound }),
    ...(options.seed !== undefined && { seed: options.seed }),
  }
  const { reply } = await runCall(await studio(), request)
  if (options.out !== undefined) {
    await writeWhole(resolve(options.out), reply)
    out.note(`The reply is in ${options.out}.`)
  }
  return 0
}

function readSound(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new StudioError('not_found', `${path} cannot be read`, 'Name a WAV file.', [], { cause })
  }
}

async function* linesOf(texts: readonly string[], stdin: Readable): AsyncIterable<string> {
  for (const text of texts) {
    if (text !== '-') yield text
    else for await (const line of createInterface({ input: stdin })) if (line.trim() !== '') yield line
  }
}

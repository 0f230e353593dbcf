import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { StudioError } from '../../core/contract/errors.ts'
import type { WhatIf } from '../../core/store/calls.ts'
import { writeWhole } from '../bundles/folder.ts'
import { variablesOf } from './call-variables.ts'
import type { CommandContext } from './command-context.ts'
import { runCall, type CallRequest } from './run-call.ts'
import { ProviderKind } from '../../core/contract/providers.ts'
import { readWav } from './wav.ts'

export type CallOptions = Readonly<{
  text: readonly string[]
  wav?: string
  out?: string
  connection?: string
  seed?: number
  var: readonly string[]
  whatIf: readonly string[]
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
  if (options.connection !== undefined && (options.wav !== undefined || options.out !== undefined))
    throw new StudioError(
      'unsupported',
      'A call into a room is by text from the command line',
      'Leave --wav and --out out, or leave --connection out; by voice, call from the page.',
    )
  const sound = options.wav === undefined ? undefined : readWav(readSound(options.wav))
  const request: CallRequest = {
    agent_id,
    lines: linesOf(options.text, stdin),
    isVoice: options.wav !== undefined || options.out !== undefined,
    variables: variablesOf(options.var),
    what_if: whatIfOf(options.whatIf),
    timeout_ms: options.timeout * 1000,
    signal,
    onEvent: out.json,
    ...(sound && { sound }),
    ...(options.connection !== undefined && { connection_id: options.connection }),
    ...(options.seed !== undefined && { seed: options.seed }),
  }
  const { reply, cost_nano_usd } = await runCall(await studio(), request)
  if (options.out !== undefined) {
    await writeWhole(resolve(options.out), reply)
    out.note(`The reply is in ${options.out}.`)
  }
  if (cost_nano_usd !== undefined) out.note(`The call cost ${dollarText(cost_nano_usd)}, as far as prices are known.`)
  return 0
}

function readSound(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new StudioError('not_found', `${path} cannot be read`, 'Name a WAV file.', [], { cause })
  }
}

function whatIfOf(pairs: readonly string[]): WhatIf {
  return pairs.reduce<WhatIf>((all, pair) => {
    const kind = ProviderKind.safeParse(pair.slice(0, pair.indexOf('='))).data
    const preset = pair.slice(pair.indexOf('=') + 1)
    if (kind && preset !== '') return { ...all, [kind]: preset }
    throw new StudioError('malformed', `"${pair}" is no what-if`, 'Write a kind and a preset, such as --what-if llm=gpt-4.1.')
  }, {})
}

/** A tenth of a cent and less is still seen. */
const dollarText = (nano_usd: number): string => `$${(nano_usd / 1e9).toFixed(nano_usd < 1e7 ? 6 : 4)}`

async function* linesOf(texts: readonly string[], stdin: Readable): AsyncIterable<string> {
  for (const text of texts) {
    if (text !== '-') yield text
    else for await (const line of createInterface({ input: stdin })) if (line.trim() !== '') yield line
  }
}

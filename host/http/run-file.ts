/*
 * Threat model: the run file opens the studio to whoever reads it, so it is 0600 in a 0700 folder, and its token dies with the host. A
 * stale or forged file must not mislead: only a host that answers to the token counts as running.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { readPrivateJson, writePrivateJson } from './private-file.ts'

const ASK_FOR_MS = 2000

/** How a second start, the command line and tests reach a running host. */
export const RunFile = z.object({ pid: z.int(), origin: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/), token: z.string() })
export type RunFile = Readonly<z.infer<typeof RunFile>>

const Ticket = z.object({ url: z.string() })

const pathOf = (data_dir: string): string => join(data_dir, 'host.json')

export const writeRunFile = (data_dir: string, run: RunFile): Promise<void> => writePrivateJson(pathOf(data_dir), run)

/** Only its own: another host may have taken the folder over. */
export async function removeRunFile(data_dir: string, token: string): Promise<void> {
  if ((await readPrivateJson(pathOf(data_dir), RunFile))?.token === token) await rm(pathOf(data_dir), { force: true })
}

export const readRunFile = (data_dir: string): Promise<RunFile | undefined> => readPrivateJson(pathOf(data_dir), RunFile)

/** An address that logs a browser in at the host that runs on this folder; undefined when none answers. */
export async function askRunningHost(data_dir: string): Promise<string | undefined> {
  const run = await readRunFile(data_dir)
  if (!run) return undefined
  try {
    const reply = await fetch(`${run.origin}/api/ticket`, {
      method: 'POST',
      headers: { authorization: `Bearer ${run.token}`, 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(ASK_FOR_MS),
    })
    return reply.ok ? Ticket.parse(await reply.json()).url : undefined
  } catch {
    // Nobody there, or somebody else: for the caller that is the same as no host.
    return undefined
  }
}

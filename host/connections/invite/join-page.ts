import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '../../../core/contract/errors.ts'

/** The join-only page and the few files that it names: all that a guest's browser is ever given. */
export type JoinPage = ReadonlyMap<string, Readonly<{ type: string; body: Buffer }>>

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' }

/** By path, `/` included. Throws `unavailable` when the page was not built. */
export async function readJoinPage(renderer_dir: string): Promise<JoinPage> {
  const html = await readFile(join(renderer_dir, 'join.html')).catch((cause: unknown) => {
    throw new StudioError('unavailable', 'The page for guests has not been built.', 'Run "npm run build".', [], { cause })
  })
  const named = Array.from(html.toString().matchAll(/(?:src|href)="\.?\/(assets\/[\w.-]+\.(js|css))"/g))
  const files = await Promise.all(
    named.map(async ([, path = '', kind = '']) => {
      const body = await readFile(join(renderer_dir, path))
      return [`/${path}`, { type: TYPES[kind] ?? '', body }] as const
    }),
  )
  return new Map([['/', { type: 'text/html; charset=utf-8', body: html }], ...files])
}

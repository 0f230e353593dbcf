import { fileURLToPath } from 'node:url'

export type RuntimeEntry = 'session-process' | 'speech' | 'espeak'

/** The file to start: beside the built host as `.js`, and as `.ts` when the host itself runs from source (Node strips the types). */
export const runtimeEntry = (entry: RuntimeEntry): string => {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`../../agent-runtime/${entry}.${extension}`, import.meta.url))
}

import { fileURLToPath } from 'node:url'

export type RuntimeEntry = 'session-process' | 'worker' | 'connection-check' | 'speech' | 'espeak' | 'llm'

/** The file to start: beside the built host as `.js`, and as `.ts` when the host itself runs from source (Node strips the types). */
export const runtimeEntry = (entry: RuntimeEntry): string =>
  fileURLToPath(new URL(`../../agent-runtime/${entry}.${extension()}`, import.meta.url))

/** What every child loads before its entry, as a URL: `--import` takes no Windows path. */
export const guardPreload = (): string => new URL(`./guard-preload.${extension()}`, import.meta.url).href

const extension = () => (import.meta.url.endsWith('.ts') ? 'ts' : 'js')

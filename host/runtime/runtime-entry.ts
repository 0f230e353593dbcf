import { fileURLToPath } from 'node:url'

export type RuntimeEntry = 'session-process' | 'worker' | 'connection-check' | 'speech' | 'espeak' | 'llm'

/** The file to start: bundled behind the built host, and the source when the host itself runs from source (Node strips the types). */
export const runtimeEntry = (entry: RuntimeEntry): string =>
  fileURLToPath(new URL(isSource() ? `../../agent-runtime/${entry}.ts` : `../../runtime/${entry}.js`, import.meta.url))

/** What every child loads before its entry, as a URL: `--import` takes no Windows path. */
export const guardPreload = (): string =>
  new URL(isSource() ? './guard-preload.ts' : '../../runtime/guard-preload.js', import.meta.url).href

const isSource = () => import.meta.url.endsWith('.ts')

import { fileURLToPath } from 'node:url'

/** The built page: `out/renderer`, beside the built host, also when the host runs from source. */
export const rendererFolder = (): string =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../out/renderer' : '../../renderer', import.meta.url))

import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Hundreds of processes of these tests load the same files: what Node has compiled for one of them is there for the next.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'out', '.compile-cache')

const bundledEntry = join(import.meta.dirname, 'host', 'runtime', 'testing', 'bundled-entry.ts')

export default defineConfig({
  // `npm run check` bundles what runs beside a host, as it is shipped; a run by hand takes the sources as they are now.
  resolve: { alias: process.env.GREENROOM_TEST_BUNDLED ? [{ find: /^.*\/runtime-entry\.ts$/, replacement: bundledEntry }] : [] },
  test: {
    include: ['{core,host,agent-runtime,renderer,electron,scripts,bench}/**/*.test.{ts,tsx}'],
    exclude: ['out/**', 'node_modules/**'],
    // Real processes, sockets and models: generous limits against a hang, never a measure of speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    // As in the end-to-end suite: a second try on a busy machine, reported and not hidden.
    retry: process.env.CI ? 1 : 0,
  },
})

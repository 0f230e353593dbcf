import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Hundreds of processes of these tests load the same files: what Node has compiled for one of them is there for the next.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'out', '.compile-cache')

const bundledEntry = join(import.meta.dirname, 'host', 'runtime', 'testing', 'bundled-entry.ts')

/** Calls at the pace of speech, models that think, servers that die: half of the time of all tests. */
const SLOW = [
  'host/cluster.test.ts',
  'agent-runtime/engines/llm-engine.test.ts',
  'agent-runtime/session/voice-call.test.ts',
  'host/sessions/tools.test.ts',
  'host/models/measuring/measure.test.ts',
  'host/main.test.ts',
  'host/cli/cli.test.ts',
  'agent-runtime/engines/sherpa-engine.test.ts',
  'agent-runtime/session/failures.test.ts',
  'host/sessions/built-in-llm.test.ts',
  'agent-runtime/session/speech-call.test.ts',
  'host/providers/check-built-in.test.ts',
  'host/stores/mongo/mongo-contract.test.ts',
  'host/shared-store.test.ts',
]

/** The slowest begin, so that none of them runs alone at the end. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const haste = ({ moduleId }: TestSpecification) => SLOW.toReversed().findIndex((name) => moduleId.endsWith(name))
    return (await super.sort(files)).sort((one, other) => haste(other) - haste(one))
  }
}

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
    // Each file in a process of its own, also those without state: what one has parsed must not trip JSON.parse in the next (output-reader.test.ts).
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    // As in the end-to-end suite: a second try on a busy machine, reported and not hidden.
    retry: process.env.CI ? 1 : 0,
  },
})

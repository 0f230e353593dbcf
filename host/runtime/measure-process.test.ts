import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createRuntime } from './runtime.ts'

const models_dir = process.env['GREENROOM_TEST_MODELS']

function startRuntime() {
  const runtime = createRuntime({ log: pino({ level: 'silent' }), sessionsPerProcess: () => 1 })
  onTestFinished(() => runtime.close())
  return runtime
}

test('a model that is not there cannot be measured, and a measurement can be stopped', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'no models '))
  onTestFinished(() => rmSync(empty, { recursive: true, force: true }))
  const runtime = startRuntime()
  await expect(runtime.measure('llm', empty, 'x')).rejects.toMatchObject({
    code: 'runtime_failed',
    message: expect.stringContaining('no built-in LLM'),
  })
  await expect(runtime.measure('llm', empty, 'x', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  expect(runtime.processes()).toEqual([])
})

/** With real weights; skipped unless GREENROOM_TEST_MODELS names their folder. */
describe.skipIf(models_dir === undefined)('the field test', () => {
  test('gives a model its mark and its speed', async () => {
    const measure = await startRuntime().measure('llm', models_dir ?? '', 'smollm2-135m-instruct')
    expect(measure).toEqual({
      load_ms: expect.any(Number),
      memory_mb: expect.any(Number),
      first_token_ms: expect.any(Number),
      tokens_per_second: expect.any(Number),
      follows_fields: expect.any(Number),
      cases: 14,
    })
    // The smallest model there is: it gets something right, and not everything.
    expect(measure.follows_fields).toBeGreaterThan(0.2)
    expect(measure.follows_fields).toBeLessThan(1)
  }, 180_000)
})

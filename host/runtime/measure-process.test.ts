import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createRuntime } from './runtime.ts'

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

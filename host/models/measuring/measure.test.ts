import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { createRuntime } from '../../runtime/runtime.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { modelStudio } from '../testing/model-studio.ts'
import { toRate } from './to-rate.ts'

const real = process.env['GREENROOM_TEST_MODELS']

let runtime: Runtime | undefined
afterEach(async () => {
  await runtime?.close()
  runtime = undefined
})

/** Skipped unless GREENROOM_TEST_MODELS is set. */
test.skipIf(!real)(
  'each kind is run by its engine, and what that showed is kept beside the model',
  { timeout: 240_000 },
  async () => {
    const models_dir = await mkdtemp(join(tmpdir(), 'measured ü '))
    await cp(join(real!, 'stt'), join(models_dir, 'stt'), { recursive: true })
    await cp(join(real!, 'tts'), join(models_dir, 'tts'), { recursive: true })
    await mkdir(join(models_dir, 'llm'))
    await symlink(
      join(real!, 'llm', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
      join(models_dir, 'llm', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
    )
    runtime = createRuntime({ log: pino({ level: 'silent' }), sessionsPerProcess: () => 1 })
    const { measure, list, events } = modelStudio(models_dir, { runtime })

    expect((await measure('piper-en_US-joe')).measured).toMatchObject({
      real_time_factor: expect.any(Number) as number,
      first_audio_ms: expect.any(Number) as number,
    })
    expect((await measure('whisper-tiny.en')).measured).toMatchObject({ real_time_factor: expect.any(Number) as number })
    const { measured } = await measure('smollm2-135m-instruct')
    expect(measured).toMatchObject({
      load_ms: expect.any(Number) as number,
      memory_mb: expect.any(Number) as number,
      tokens_per_second: expect.any(Number) as number,
      first_token_ms: expect.any(Number) as number,
      follows_fields: expect.any(Number) as number,
      cases: 14,
    })
    // The smallest model there is: it gets something right, and not everything.
    expect(measured?.follows_fields).toBeGreaterThan(0.2)
    expect(measured?.follows_fields).toBeLessThan(1)
    expect((await list()).models.filter(({ measured }) => measured)).toHaveLength(3)
    expect(events).toHaveLength(3)
  },
)

test('what is not here cannot be measured, and the reason says whether it can be had', async () => {
  const { measure } = modelStudio(await mkdtemp(join(tmpdir(), 'empty ')))
  await expect(measure('whisper-tiny.en')).rejects.toMatchObject({
    code: 'not_found',
    hint: expect.stringContaining('Get it') as string,
  })
  await expect(measure('nothing')).rejects.toMatchObject({ code: 'not_found' })
})

test('a sample keeps its length in time when its rate changes', () => {
  expect(toRate(new Int16Array(22_050), 22_050, 16_000)).toHaveLength(16_000)
  expect([...toRate(Int16Array.of(0, 100, 200, 300), 4, 2)]).toEqual([0, 200])
})

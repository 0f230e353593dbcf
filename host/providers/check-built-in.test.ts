import { describe, expect, onTestFinished, test } from 'vitest'
import { startTestHost } from '../testing/start-test-host.ts'

const models_dir = process.env['GREENROOM_TEST_MODELS']
if (models_dir === undefined) console.log('skipped: checks of the built-in models need GREENROOM_TEST_MODELS')

/** With real weights; skipped unless GREENROOM_TEST_MODELS names their folder. */
describe.skipIf(models_dir === undefined)('the built-in models', () => {
  test('hear what the built-in voice says, answer within the table, and speak', async () => {
    const studio = await startTestHost(models_dir === undefined ? {} : { models_dir })
    onTestFinished(() => studio.close())
    const check = (kind: 'stt' | 'llm' | 'tts') => studio.call('provider.check', { kind, block: { provider: 'builtin' } })
    const [stt, llm, tts] = [await check('stt'), await check('llm'), await check('tts')]
    for (const { check: found } of [stt, llm, tts]) expect(found.steps.filter(({ ok }) => !ok)).toEqual([])
    expect(stt.check.steps.find(({ step }) => step === 'voice')?.detail).toMatch(/^1[2-5] of 15 words right/)
    expect(llm.check.steps.at(-1)).toMatchObject({ step: 'structured_output', ok: true })
    expect(Buffer.from(tts.sample_wav ?? '', 'base64').length).toBeGreaterThan(100_000)
  })
})

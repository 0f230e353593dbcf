import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestHost, type TestHost } from '../testing/start-test-host.ts'

let studio: TestHost
beforeEach(async () => {
  studio = await startTestHost()
})
afterEach(() => studio.close())

test('what is not named stays, ui is merged key by key, null removes, and all of it lasts', async () => {
  expect(await studio.call('setting.get', {})).toEqual({
    theme: 'system',
    sessions_per_process: 10,
    offline: false,
    model_sources: [],
    ui: {},
  })
  await studio.call('setting.set', { theme: 'dark', models_dir: '/models' })
  await studio.call('setting.set', { ui: { left: 300, tab: 'prompt' } })
  await studio.call('setting.set', { ui: { left: 320, tab: null, list: [1, { a: null }] } })
  const expected = {
    theme: 'dark',
    models_dir: '/models',
    sessions_per_process: 10,
    offline: false,
    model_sources: [],
    ui: { left: 320, list: [1, { a: null }] },
  }
  expect(studio.events.at(-1)).toEqual({ type: 'setting.changed', settings: expected })
  studio = await studio.restart()
  expect(await studio.call('setting.get', {})).toEqual(expected)
  expect(await studio.call('setting.set', { models_dir: '' })).not.toHaveProperty('models_dir')
})

test('two windows that keep different things at once lose neither', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => studio.call('setting.set', { ui: { [`key-${index}`]: index } })))
  expect(Object.keys((await studio.call('setting.get', {})).ui)).toHaveLength(20)
})

test('the system says what runs where', async () => {
  const info = await studio.call('system.info', {})
  expect(info).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    data_dir: studio.dir,
    processes: [],
    recoveries: [],
  })
})

import { expect, test } from 'vitest'
import { Settings, type ModelSet } from '../../core/contract/index.ts'
import { machineCommands } from './machine-commands.ts'
import { matchCommands } from './palette-commands.ts'

const starter: ModelSet = {
  set_id: 'starter',
  name: 'Starter',
  download_bytes: 222_000_000,
  disk_bytes: 205_000_000,
  licence: '',
  model_ids: [],
  installed: false,
  folder: '/models',
}
const done: string[] = []
const deeds = {
  go: (route: { screen: string }) => void done.push(JSON.stringify(route)),
  setOffline: (offline: boolean) => void done.push(`offline ${offline}`),
  get: (id: string) => void done.push(`get ${id}`),
}
const commands = (facts: Partial<Parameters<typeof machineCommands>[0]> = {}) =>
  machineCommands({ settings: Settings.parse({}), sets: [starter], protection: 'keychain', ...facts }, deeds)
const find = (query: string, facts?: Partial<Parameters<typeof machineCommands>[0]>) => matchCommands(commands(facts), query)

test('the palette goes offline and online again', () => {
  expect(find('go offline')).toHaveLength(1)
  expect(find('go online')).toEqual([])
  const [online] = find('go online', { settings: Settings.parse({ offline: true }) })
  online?.run()
  expect(done.at(-1)).toBe('offline false')
})

test('the set says its size, is fetched where its progress is seen, and is gone when it is here', () => {
  const [get] = find('get smallest')
  expect(get?.label).toContain('222 MB')
  get?.run()
  expect(done.slice(-2)).toEqual(['get starter', '{"screen":"models","tab":"models"}'])
  expect(find('get smallest', { sets: [{ ...starter, installed: true }] })).toEqual([])
})

test('locked keys are unlocked before any can be imported', () => {
  expect(find('unlock keys', { protection: 'locked' })).toHaveLength(1)
  expect(find('import .env', { protection: 'locked' })).toEqual([])
  expect(find('import .env')).toHaveLength(1)
})

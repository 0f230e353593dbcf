import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { wheelOf } from '../testing/wheel.ts'
import { unpackWheel } from './unpack-wheel.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wheel ü '))
})

async function archive(bytes: Uint8Array): Promise<string> {
  await writeFile(join(dir, 'a.whl'), bytes)
  return join(dir, 'a.whl')
}
const to = () => join(dir, 'in', 'here')

test('parts with one name are put together in the order of the list, and nothing else is written', async () => {
  const wheel = await archive(
    await wheelOf({ 'p/2': Buffer.from('world'), 'p/1': Buffer.from('hello '), 'p/script.py': Buffer.from('x') }),
  )
  const entries = [
    { path: 'p/1', bytes: 6, name: 'whole.bin' },
    { path: 'p/2', bytes: 5, name: 'whole.bin' },
  ]
  await unpackWheel(wheel, entries, to())
  expect(await readFile(join(to(), 'whole.bin'), 'utf8')).toBe('hello world')
  expect(await readdir(to())).toEqual(['whole.bin'])
})

test('a name that leads out of the folder is refused, and nothing is written anywhere', async () => {
  const plain = Buffer.from(await wheelOf({ 'aaaa/bbbb/evil': Buffer.from('evil'), good: Buffer.from('good') }))
  // In both places where a zip keeps a name; the length stays.
  const hostile = Buffer.from(plain.toString('latin1').replaceAll('aaaa/bbbb/evil', '../../../../evil'.slice(-14)), 'latin1')
  const entries = [{ path: 'good', bytes: 4, name: 'good' }]
  await expect(unpackWheel(await archive(hostile), entries, to())).rejects.toThrow(/relative path|\.\./)
  expect(await readdir(dir)).toEqual(['a.whl', 'in'])
  expect(await readdir(to())).toEqual([])
})

test.each([
  ['more than it says', 3],
  ['less than it says', 9],
])('an entry that unpacks to %s is refused', async (_what, claimed) => {
  const bytes = Buffer.from(await wheelOf({ good: Buffer.from('12345') }))
  const central = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
  bytes.writeUInt32LE(claimed, central + 24)
  const wheel = await archive(bytes)
  await expect(unpackWheel(wheel, [{ path: 'good', bytes: claimed, name: 'good' }], to())).rejects.toThrow(/bytes/)
})

test('what is no archive is refused', async () => {
  await expect(unpackWheel(await archive(Buffer.from('<html>')), [{ path: 'x', bytes: 1, name: 'x' }], to())).rejects.toThrow()
})

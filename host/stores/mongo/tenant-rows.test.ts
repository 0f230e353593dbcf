import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Reading and single writes of rows; writing commits; the clients' own collection; indexes. */
const DOORS = ['tenant-rows.ts', 'direct-writes.ts', 'transaction-flush.ts', 'log-flush.ts', 'mirror-reads.ts', 'indexes.ts']

test('no other file asks a collection for anything, so that no query can forget its tenant', () => {
  const dir = import.meta.dirname
  const asking = readdirSync(dir)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => /\.collections?[<(]|\.aggregate\(\[|\.db\(\)\./.test(readFileSync(join(dir, name), 'utf8')))
  expect(asking.sort()).toEqual(DOORS.sort())
})

test('every query of rows names the tenant, or says that it is of all of them', () => {
  for (const name of ['tenant-rows.ts', 'direct-writes.ts']) {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8')
    const asked = text.match(/\.(?:find|findOne|countDocuments|aggregate|findOneAnd\w+|updateMany|deleteMany)\(\n?[^)]*/g) ?? []
    expect(asked.length).toBeGreaterThan(2)
    for (const one of asked) expect(one, name).toMatch(/\bt\b|HAS_TENANT|everywhere\(|filter|where, options/)
  }
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { salvage } from './salvage.ts'

const SCHEMA = 'create table word (id integer primary key, text text not null)'
const WORDS = ['first', 'second', 'third', 'fourth', 'fifth']

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'greenroom-salvage-'))))
afterEach(() => rmSync(dir, { recursive: true }))

/** A file of five rows in which one of them says that it is another. */
function fileWithRowid(index: number, rowid: number): string {
  const file = join(dir, 'words.db')
  const database = new SqliteDatabase(file)
  database.exec(SCHEMA)
  for (const word of WORDS) database.prepare('insert into word (text) values (?)').run(word)
  database.close()
  const bytes = readFileSync(file)
  // A cell is: length, rowid, then a header of three bytes and the text.
  bytes[bytes.indexOf(WORDS[index] ?? '') - 4] = rowid
  writeFileSync(file, bytes)
  return file
}

test.each([
  ['the row itself', 4, 5],
  ['the first', 4, 1],
  ['the row before it', 3, 3],
  ['a far one', 2, 100],
])('rows that damage leads back to %s are read once', (_, index, rowid) => {
  const target = new SqliteDatabase(':memory:')
  target.exec(SCHEMA)
  const [salvaged] = salvage(
    fileWithRowid(index, rowid),
    target,
    () => true,
    () => true,
  )
  const texts = target.prepare<[], string>('select text from word order by id').pluck().all()
  expect(texts.slice(0, index)).toEqual(WORDS.slice(0, index))
  expect(salvaged).toMatchObject({ table: 'word', rows: texts.length, complete: rowid === index + 1 })
})

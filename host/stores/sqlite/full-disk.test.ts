import Database, { SqliteError } from 'better-sqlite3'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { sqliteRunner } from './sqlite-runner.ts'

test('a disk that is full only when a transaction ends is said, although SQLite has undone it by then; the next one goes through', async () => {
  const database = new Database(':memory:')
  database.exec('create table note (text text)')
  const { writeAcross } = sqliteRunner<Record<string, never>>(database)
  const prepare = database.prepare.bind(database)
  let isFull = true
  vi.spyOn(database, 'prepare').mockImplementation((text: string) => {
    if (text === 'commit' && isFull) {
      database.exec('rollback')
      throw new SqliteError('database or disk is full', 'SQLITE_FULL')
    }
    return prepare(text)
  })
  const save = () => writeAcross([], (transaction) => sql`insert into note values ('x')`.execute(transaction))
  await expect(save()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('disk is full') as string })
  isFull = false
  await save()
  expect(prepare('select count(*) as notes from note').get()).toEqual({ notes: 1 })
  database.close()
})

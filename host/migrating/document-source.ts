import { StudioError } from '../../core/contract/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { readFiles } from './read-files.ts'
import { readMongo } from './read-mongo.ts'
import { readPostgres } from './read-postgres.ts'

/** One document of another system; `problem` where it is none. */
export type SourceDocument = Readonly<{ source: string } & ({ document: JsonObject } | { problem: string })>

/** Documents of another system, one after the other; reading never changes anything there. */
export type DocumentSource = Readonly<{
  /** How many there are, where that is known beforehand. */
  count: number | undefined
  documents: AsyncIterable<SourceDocument>
  close: () => Promise<void>
}>

/** `from`: address of a database, or path of a folder or file. `collection`, `table`: in a database, absent: where such documents usually are. */
export function openSource(
  from: string,
  { collection, table }: Readonly<{ collection?: string | undefined; table?: string | undefined }>,
): Promise<DocumentSource> {
  const [, scheme] = /^([a-z][a-z0-9+]+):\/\//i.exec(from) ?? []
  switch (scheme?.toLowerCase()) {
    case undefined:
      return readFiles(from)
    case 'mongodb':
    case 'mongodb+srv':
      return readMongo(from, collection)
    case 'postgres':
    case 'postgresql':
      return readPostgres(from, table)
    default:
      throw new StudioError(
        'malformed',
        `Documents cannot be read from ${scheme}://.`,
        'Give mongodb://…, postgres://…, or the path of a folder or file of JSON.',
      )
  }
}

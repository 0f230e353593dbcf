import { StudioError } from '../../core/contract/errors.ts'
import { connectMongo } from '../stores/mongo/connect.ts'
import { toPlainObject } from '../stores/mongo/to-plain.ts'
import type { DocumentSource, SourceDocument } from './document-source.ts'

/** Where clients keep their agents. */
const COLLECTION = 'agent_configurations'

export async function readMongo(url: string, collection = COLLECTION): Promise<DocumentSource> {
  const { client, db } = await connectMongo(url)
  const count = await db.collection(collection).countDocuments()
  if (count === 0) {
    await client.close()
    const there = db.databaseName
    throw new StudioError(
      'not_found',
      `The database "${there}" has no documents in "${collection}".`,
      'Name the collection with --collection.',
    )
  }
  async function* documents(): AsyncIterable<SourceDocument> {
    for await (const found of db.collection(collection).find().sort({ _id: 1 })) {
      const { _id, ...document } = toPlainObject(found)
      yield { source: `${collection}/${typeof _id === 'string' ? _id : JSON.stringify(_id)}`, document }
    }
  }
  return { count, documents: documents(), close: () => client.close() }
}

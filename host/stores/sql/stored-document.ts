import { crc32 } from 'node:zlib'
import { DocumentJson } from '../../../core/contract/agents.ts'

/** A document as its columns hold it. */
export type StoredDocument = Readonly<{ content: string; checksum: number }>

export const readDocument = ({ content }: Pick<StoredDocument, 'content'>): DocumentJson =>
  DocumentJson.parse(JSON.parse(content))

export function writeDocument(document: DocumentJson): StoredDocument {
  const content = JSON.stringify(document)
  return { content, checksum: crc32(content) }
}

/** False when the text is not the one that was written. */
export const isSound = ({ content, checksum }: StoredDocument): boolean => crc32(content) === checksum

import { crc32 } from 'node:zlib'
import { DocumentJson } from '../../../core/contract/agents.ts'
import { isJsonObject } from '../../../core/json.ts'

/** A document as its columns hold it. */
export type StoredDocument = Readonly<{ content: string; checksum: number }>

/** What `JSON.parse` returns is JSON by construction, and looked through only where it is no object. */
export function readDocument({ content }: Pick<StoredDocument, 'content'>): DocumentJson {
  const value: unknown = JSON.parse(content)
  return isDocument(value) ? value : DocumentJson.parse(value)
}

const isDocument = (value: unknown): value is DocumentJson => isJsonObject(value)

export function writeDocument(document: DocumentJson): StoredDocument {
  const content = JSON.stringify(document)
  return { content, checksum: crc32(content) }
}

/** False when the text is not the one that was written. */
export const isSound = ({ content, checksum }: StoredDocument): boolean => crc32(content) === checksum

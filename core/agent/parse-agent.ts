import { toProblems, type Problem } from '../contract/errors.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { AgentDocument, DOCUMENT_FORMAT } from './document.ts'
import { migrateDocument } from './migrations.ts'

export type ParsedAgent =
  | Readonly<{ ok: true; document: AgentDocument }>
  /** `newer_format`: a later Greenroom wrote it; it can be read and exported as it is, not changed. */
  | Readonly<{ ok: false; problems: readonly Problem[]; newer_format?: number }>

/** Reads a document of any format up to ours. Paths of problems are JSON pointers into the migrated document. */
export function parseAgent(content: unknown): ParsedAgent {
  if (!isJsonObject(content)) return { ok: false, problems: [{ path: '', message: 'an agent is a JSON object' }] }
  const format = newerFormatOf(content)
  if (format !== undefined) {
    const message = `this agent was written by a newer Greenroom (format ${format}; this one knows ${DOCUMENT_FORMAT}): it can be read and exported, not changed`
    return { ok: false, newer_format: format, problems: [{ path: '/format', message }] }
  }
  const parsed = AgentDocument.safeParse(migrateDocument(content))
  return parsed.success ? { ok: true, document: parsed.data } : { ok: false, problems: toProblems(parsed.error) }
}

/** The format of a document that a later Greenroom wrote. */
export function newerFormatOf({ format }: JsonObject): number | undefined {
  return typeof format === 'number' && Number.isInteger(format) && format > DOCUMENT_FORMAT ? format : undefined
}

import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { StudioError } from '../../core/contract/errors.ts'
import { isJsonArray, isJsonObject, parseJson, type Json } from '../../core/json.ts'
import type { DocumentSource, SourceDocument } from './document-source.ts'
import { plainExtended } from './plain-extended.ts'

const LINES = /\.(jsonl|ndjson)$/i
const READ = /\.(json|jsonl|ndjson)$/i

/** `*.json` (a document, a list of them, or `{"agents": [...]}`) and `*.jsonl` (one a line), as `mongoexport` writes them too. */
export async function readFiles(path: string): Promise<DocumentSource> {
  const root = resolve(path)
  const found = await stat(root).catch(() => undefined)
  if (!found) throw new StudioError('not_found', `There is nothing at ${path}.`, 'Give a folder or file of JSON documents.')
  const files = found.isDirectory() ? await filesIn(root) : [root]
  return {
    count: undefined,
    documents: documentsOf(found.isDirectory() ? root : resolve(root, '..'), files),
    close: async () => undefined,
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true })
  const readable = names.filter((name) => READ.test(name)).map((name) => join(folder, name))
  const found = await Promise.all(readable.map(async (file) => ((await stat(file)).isFile() ? [file] : [])))
  return found.flat().sort()
}

async function* documentsOf(root: string, files: readonly string[]): AsyncIterable<SourceDocument> {
  for (const file of files) {
    const name = relative(root, file)
    if (LINES.test(file)) yield* lines(name, file)
    else yield* whole(name, await readFile(file, 'utf8'))
  }
}

async function* lines(name: string, file: string): AsyncIterable<SourceDocument> {
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() !== '') yield one(`${name}:${number}`, parseJson(line.replace(/^\uFEFF/, '')))
  }
}

function* whole(name: string, text: string): Iterable<SourceDocument> {
  const value = parseJson(text.replace(/^\uFEFF/, ''))
  const list = isJsonArray(value) ? value : listIn(value)
  if (!list) {
    yield one(name, value)
    return
  }
  for (const [index, item] of list.entries()) yield one(`${name}#${index + 1}`, item)
}

function listIn(value: Json | undefined): readonly Json[] | undefined {
  if (!isJsonObject(value)) return undefined
  const { agents, documents, prompt_config } = value
  if (prompt_config !== undefined) return undefined
  return isJsonArray(agents) ? agents : isJsonArray(documents) ? documents : undefined
}

const one = (source: string, value: Json | undefined): SourceDocument =>
  isJsonObject(value)
    ? { source, document: plainExtended(value) }
    : { source, problem: value === undefined ? 'is not JSON' : 'is not a JSON object' }

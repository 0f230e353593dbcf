import type * as z from 'zod'
import { contentHash } from '../agent/content-hash.ts'
import { DocumentJson } from '../contract/agents.ts'
import { toPointer, type Problem } from '../contract/errors.ts'
import { isJsonObject, MOST_LEVELS } from '../json.ts'
import { VersionFile, type AgentBundle, type BundleFiles, type BundleVersion } from './bundle-format.ts'
import { isVersionFolder } from './bundle-path.ts'

export type FilesRead = Readonly<{ ok: true; bundle: AgentBundle } | { ok: false; problems: readonly Problem[] }>

/**
 * The agent in the files of a bundle or folder, exactly as it was exported. A problem's path is the file and a JSON pointer in it:
 * `agent.json#/prompt_config`. Whether the documents are valid agents is for `parseAgent` to say.
 */
export function fromFiles(files: BundleFiles): FilesRead {
  const problems: Problem[] = []
  const content = readContent(files, '', problems)
  const versions = versionFolders(files).flatMap((version) => readVersion(files, version, problems) ?? [])
  return content && problems.length === 0 ? { ok: true, bundle: { content, versions } } : { ok: false, problems }
}

function versionFolders(files: BundleFiles): string[] {
  const names = [...files.keys()].flatMap((path) => /^versions\/([^/]+)\//.exec(path)?.[1] ?? [])
  return [...new Set(names)].sort()
}

function readVersion(files: BundleFiles, version: string, problems: Problem[]): BundleVersion | undefined {
  const folder = `versions/${version}/`
  if (!isVersionFolder(version)) {
    problems.push({ path: folder, message: `"${version}" is not a semantic version such as 1.2.0` })
    return undefined
  }
  const content = readContent(files, folder, problems)
  const about = readJson(files, `${folder}version.json`, problems, VersionFile)
  if (!content || !about) return undefined
  if (about.version !== version) {
    problems.push({ path: `${folder}version.json#/version`, message: `says "${about.version}", the folder says "${version}"` })
  }
  if (about.content_hash !== contentHash(content)) {
    problems.push({
      path: `${folder}version.json#/content_hash`,
      message: 'does not match the files beside it: a published version does not change',
    })
  }
  const { name, note, author } = about
  return { version, name, note, author, created_at: Date.parse(about.created_at), content }
}

function readContent(files: BundleFiles, folder: string, problems: Problem[]): DocumentJson | undefined {
  const agentPath = `${folder}agent.json`
  const promptPath = `${folder}prompt.md`
  const document = readJson(files, agentPath, problems, DocumentJson)
  if (!document) return undefined
  const promptText = files.get(promptPath)
  const prompt = document['prompt_config'] ?? {}
  if (!isJsonObject(prompt)) {
    problems.push({ path: `${agentPath}#/prompt_config`, message: 'must be an object' })
    return undefined
  }
  const inJson = Object.hasOwn(prompt, 'instructions')
  if (promptText === undefined && !inJson) problems.push({ path: promptPath, message: 'is missing: it holds the instructions' })
  if (promptText !== undefined && inJson) {
    problems.push({
      path: `${agentPath}#/prompt_config/instructions`,
      message: `the instructions stand in ${promptPath} already; keep one of the two`,
    })
  }
  return promptText === undefined ? document : { ...document, prompt_config: { ...prompt, instructions: promptOf(promptText) } }
}

/** Without the newline that ends the file. Carriage returns are git's on Windows: a prompt with its own is never written to this file. */
const promptOf = (text: string): string =>
  text
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replace(/\n$/, '')

function readJson<Schema extends z.ZodType>(
  files: BundleFiles,
  path: string,
  problems: Problem[],
  schema: Schema,
): z.output<Schema> | undefined {
  const text = files.get(path)
  if (text === undefined) {
    problems.push({ path, message: 'is missing' })
    return undefined
  }
  const json = parseJson(text.replace(/^\ufeff/, ''))
  if ('error' in json) {
    problems.push({ path, message: `is not JSON: ${json.error}` })
    return undefined
  }
  const hostile = hostileParts(json.value, [])
  problems.push(...hostile.map((problem) => ({ ...problem, path: `${path}#${problem.path}` })))
  if (hostile.length > 0) return undefined
  const parsed = schema.safeParse(json.value)
  if (parsed.success) return parsed.data
  problems.push(...parsed.error.issues.map((issue) => ({ path: `${path}#${toPointer(issue.path)}`, message: issue.message })))
  return undefined
}

function parseJson(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) }
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) }
  }
}

/**
 * `__proto__` in a document would change objects instead of naming a value, in whatever program copies it next; a document nested a
 * thousand deep would end the program that walks it.
 */
function hostileParts(value: unknown, path: readonly string[]): Problem[] {
  if (typeof value !== 'object' || value === null) return []
  if (path.length > MOST_LEVELS) return [{ path: toPointer(path), message: `is nested more than ${MOST_LEVELS} deep` }]
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === '__proto__') return [{ path: toPointer([...path, key]), message: 'has a reserved name' }]
    return hostileParts(inner, [...path, key])
  })
}

import { contentHash } from '../agent/content-hash.ts'
import { orderedDocument } from '../agent/ordered-document.ts'
import type { DocumentJson } from '../contract/agents.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { AgentBundle, BundleFiles, BundleVersion, VersionFile } from './bundle-format.ts'

/** The files of an agent, the same bytes for the same content: the folder form as it is, and a bundle apart from its manifest. */
export function toFiles({ content, versions }: AgentBundle): BundleFiles {
  const files = contentFiles('', content)
  for (const version of versions) {
    const folder = `versions/${version.version}/`
    files.push(...contentFiles(folder, version.content), [`${folder}version.json`, jsonText(versionFile(version))])
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Indented JSON with one newline at its end, as every file of ours is written. */
export const jsonText = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`

function contentFiles(folder: string, content: DocumentJson): [string, string][] {
  const ordered = orderedDocument(content)
  const { prompt_config: prompt } = ordered
  if (!isJsonObject(prompt) || typeof prompt['instructions'] !== 'string' || !fitsMarkdownFile(prompt['instructions'])) {
    return [[`${folder}agent.json`, jsonText(ordered)]]
  }
  const { instructions, ...rest } = prompt
  return [
    [`${folder}agent.json`, jsonText({ ...ordered, prompt_config: rest })],
    [`${folder}prompt.md`, `${instructions}\n`],
  ]
}

/**
 * A prompt with carriage returns, a byte order mark or half a surrogate pair would not survive editors, git on Windows, or UTF-8;
 * it stays in agent.json, where JSON escapes it.
 */
const fitsMarkdownFile = (instructions: string): boolean => !/\r|^\ufeff|\p{Surrogate}/u.test(instructions)

const versionFile = ({ version, name, note, author, created_at, content }: BundleVersion): VersionFile & JsonObject => ({
  version,
  name,
  note,
  author,
  created_at: new Date(created_at).toISOString(),
  content_hash: contentHash(content),
})

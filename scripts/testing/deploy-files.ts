import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { runProgram } from '../../host/cli/program.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
/** With `<<` as in compose files. */
export const readYaml = (path: string): unknown => parse(readText(path), { merge: true })
export const readDocuments = (path: string): unknown[] => parseAllDocuments(readText(path)).map((one) => one.toJS())

/** Paths of the files in a folder and those below it. */
export const filesUnder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(ROOT.length)] : [],
  )

const SETTING = /\b(?:(?:GREENROOM|LIVEKIT|AGENT|LLM|STT|TTS|OTEL|LANGFUSE|REDIS)_[A-Z_]+|DATABASE_URL|MONGO_URI)\b/g
/** Of tests, of the desktop shell, and what a host says to its own processes. */
const NOT_SET_BY_PEOPLE = /^GREENROOM_(?:TEST_|FUZZ_|STRESS_|HOST$|OFFLINE$|REACH$|NODE$|TOKEN$|USER_DATA$)/

/** Names of variables of the environment that the product's sources speak of. */
export function namesInSources(): Set<string> {
  const sources = ['core', 'host', 'agent-runtime'].flatMap(filesUnder)
  const product = sources.filter((file) => file.endsWith('.ts') && !/\.test\.ts$|[/\\]testing[/\\]/.test(file))
  return new Set(product.flatMap((file) => namesIn(readText(file))))
}

/** Names of the product's variables that a text speaks of. */
export const namesIn = (text: string): string[] => (text.match(SETTING) ?? []).filter((name) => !NOT_SET_BY_PEOPLE.test(name))

/** What `greenroom … --help` prints. */
export async function helpOf(...command: readonly string[]): Promise<string> {
  let said = ''
  const say = (text: string): void => void (said += `${text}\n`)
  const out = { result: say, note: say, json: () => undefined, progress: () => undefined }
  const { signal } = new AbortController()
  await runProgram([...command, '--help'], { out, stdin: Readable.from([]), signal })
  return said
}

/** Words of a `greenroom` command that there are not: options, and the command itself. */
export async function unknownWords(words: readonly string[]): Promise<string[]> {
  const [command = '', ...rest] = words
  const help = await helpOf(command)
  if (!new RegExp(`Usage: greenroom ${command}\\b`).test(help)) return [command]
  const everywhere = await helpOf()
  return rest.filter((word) => /^--?[a-z]/.test(word) && ![help, everywhere].some((text) => text.includes(` ${word}`)))
}

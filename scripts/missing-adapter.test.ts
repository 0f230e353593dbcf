import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..').replaceAll('\\', '/')
const KINDS: [kind: string, catalogue: string, adapters: string][] = [
  ['llm', 'core/providers/llm.ts', 'agent-runtime/providers/llm/create-language-model.ts'],
  ['stt', 'core/providers/stt.ts', 'agent-runtime/providers/stt/create-transcriber.ts'],
  ['tts', 'core/providers/tts.ts', 'agent-runtime/providers/tts/create-voice.ts'],
]

/** What TypeScript says of both files when the catalogue has one provider more than it describes. */
function withPlanted(catalogue: string, adapters: string): Record<string, string> {
  const { config } = ts.readConfigFile(join(ROOT, 'agent-runtime/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], references: [] },
    ts.sys,
    join(ROOT, 'agent-runtime'),
  )
  const files = [catalogue, adapters].map((file) => `${ROOT}/${file}`)
  const settings = { ...options, noEmit: true, composite: false, incremental: false, rootDir: ROOT }
  const host = ts.createCompilerHost(settings)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) => {
    if (name !== files[0]) return read(name, ...rest)
    const text = ts.sys.readFile(name)?.replace(/(export type \w+ProviderId =)\s*\|?/, "$1 'planted' | ") ?? ''
    return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  }
  const program = ts.createProgram({ rootNames: files, options: settings, host })
  const told = (file: string) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
      .join('\n')
  return Object.fromEntries(files.map((file) => [file.slice(ROOT.length + 1), told(file)]))
}

test.each(KINDS)('a provider of kind %s without a description or an adapter does not compile', (_kind, catalogue, adapters) => {
  const said = withPlanted(catalogue, adapters)
  expect(said[catalogue]).toMatch(/'planted' is missing/)
  expect(said[adapters]).toMatch(/'planted' is missing/)
})

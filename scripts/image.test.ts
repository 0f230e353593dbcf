import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import { filesUnder, helpOf, readText, ROOT, unknownWords } from './testing/deploy-files.ts'

const text = readText('deploy/Dockerfile')
const all = DockerfileParser.parse(text)
  .getInstructions()
  .map((one) => ({ keyword: one.getKeyword().toUpperCase(), rest: one.toString().replace(/^\S+ /, '') }))
const lastFrom = all.map(({ keyword }) => keyword).lastIndexOf('FROM')
const stages = { build: all.slice(0, lastFrom), image: all.slice(lastFrom) }
const of = (keyword: string, stage = all) => stage.filter((one) => one.keyword === keyword).map(({ rest }) => rest)
const list = (rest = '[]'): string[] => JSON.parse(rest) as string[]
const context = readText('deploy/Dockerfile.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))

test('the Dockerfile is without a complaint of its linter', () => {
  expect(validate(text)).toEqual([])
})

test('the image has a pinned base with our Node, no root, no secret, and a health check at the port of the API', async () => {
  const { dependencies } = JSON.parse(readText('package.json')) as { dependencies: Record<string, string> }
  for (const from of of('FROM')) expect(from).toMatch(new RegExp(`^node:${dependencies['node']}-bookworm-slim( AS build)?$`))
  const [uid, gid] = (of('USER', stages.image).at(-1) ?? '').split(':').map(Number)
  expect(Number(uid)).toBeGreaterThan(0)
  expect(Number(gid)).toBeGreaterThan(0)
  expect(of('ADD')).toEqual([])
  expect([...of('ENV'), ...of('ARG')].join(' ')).not.toMatch(/KEY|SECRET|TOKEN|PASSWORD|_URL|_URI/)
  expect(of('HEALTHCHECK')[0]).toContain(`http://127.0.0.1:${of('EXPOSE')[0]}/healthz`)
  expect(await helpOf('serve')).toContain(`default: ${of('EXPOSE')[0]}`)
  expect(list(of('ENTRYPOINT')[0])).toEqual(['tini', '--', 'greenroom'])
  expect(await unknownWords(list(of('CMD').at(-1)))).toEqual([])
})

test('what the Dockerfile names is there, and what runs in it can be built from what it is given', () => {
  const isGiven = (path: string): boolean => {
    const last = context.findLast((line) => matches(line.replace('!', ''), path))
    return last?.startsWith('!') === true
  }
  const copied = of('COPY').flatMap((rest) =>
    rest.includes('--from')
      ? []
      : rest
          .replace(/--\S+ /g, '')
          .split(' ')
          .slice(0, -1),
  )
  for (const path of copied.filter((path) => path !== '.')) expect([path, isGiven(path)]).toEqual([path, true])
  const run = of('RUN', stages.build).join('\n')
  const scripts = [...run.matchAll(/node (scripts\/\S+) (--\S+)/g)]
  expect(scripts.map(([, script]) => script)).toEqual(['scripts/build.mjs', 'scripts/stage-runtime.mjs'])
  for (const [, script = '', flag = ''] of scripts) expect(readText(script)).toContain(`'${flag}'`)
  // Each script, and each that it imports.
  const needed = new Set(scripts.map(([, script = '']) => script))
  for (const script of needed) for (const imported of importsOf(script)) needed.add(imported)
  for (const script of needed) expect([script, isGiven(script)]).toEqual([script, true])
  const sources = ['core', 'host', 'agent-runtime'].flatMap(filesUnder).filter((file) => !file.endsWith('.test.ts'))
  expect(sources.filter((file) => !isGiven(file))).toEqual([])
  expect(isGiven('resources/samples')).toBe(true)
  expect(readText('deploy/greenroom.sh')).toContain('/app/out/host/cli/main.js')
  expect(readdirSync(join(ROOT, 'host/cli'))).toContain('main.ts')
  for (const kept of [
    '.env',
    'deploy/.env',
    'host/.env',
    '.git/config',
    'node_modules/x/y.js',
    'core/node_modules/x.js',
    'out/a.js',
  ])
    expect([kept, isGiven(kept)]).toEqual([kept, false])
})

/** Docker's patterns, as far as this file uses them: a path, a folder, `*` in a name, `**` before it. */
function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+]/g, String.raw`\$&`)
    .replace(/^\*\*\//, '(?:.*/)?')
    .replaceAll(/\*/g, (star, at: number, whole: string) => (whole[at - 1] === '.' ? star : '[^/]*'))
  return new RegExp(`^${source}(?:/.*)?$`).test(path)
}

const importsOf = (script: string): string[] =>
  [...readText(script).matchAll(/from '(\.\/[^']+)'/g)].map(([, path = '']) => join(dirname(script), path))

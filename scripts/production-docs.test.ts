import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { operations } from '../core/contract/index.ts'
import { createMetrics } from '../host/http/metrics.ts'
import { filesUnder, helpOf, namesIn, namesInSources, readText, ROOT } from './testing/deploy-files.ts'

const FILE = 'docs/production.md'
const text = readText(FILE)
/** What stands between backticks, and in blocks of commands. */
const codes = [...text.matchAll(/```sh\n([^]*?)```|`([^`\n]+)`/g)].flatMap(
  ([, block, inline]) => block?.split('\n') ?? [inline ?? ''],
)

test('every setting that the documentation names is read by the product, and every one that the product reads is documented', () => {
  const known = namesInSources()
  const documented = new Set(namesIn(text).filter((name) => !name.endsWith('_')))
  expect([...documented].filter((name) => !known.has(name))).toEqual([])
  const all = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => readText(`docs/${name}`))
  const anywhere = new Set(all.flatMap(namesIn))
  // Named as a text of its own is read; what stands in a sentence may be a hint.
  const sources = ['core', 'host', 'agent-runtime']
    .flatMap(filesUnder)
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|testing/.test(file))
  const read = new Set(
    sources.flatMap((file) => [...readText(file).matchAll(/'([A-Z_]{6,})'/g)].flatMap(([, name = '']) => namesIn(name))),
  )
  expect([...read].filter((name) => !anywhere.has(name))).toEqual([])
})

test('every command in it is one, with options that there are', async () => {
  const commands = codes.flatMap((line) => /^(?:npx )?greenroom (.*)$/.exec(line.replaceAll(/[[\]]/g, ''))?.[1] ?? [])
  expect(commands.length).toBeGreaterThan(10)
  const everywhere = await helpOf()
  for (const command of commands) {
    const words = command.split(/\s+/)
    const options = words.filter((word) => word.startsWith('--'))
    const [first = '', ...rest] = words.filter((word) => !word.startsWith('--'))
    const help = await helpOf(first)
    expect([command, help]).toEqual([command, expect.stringContaining(`Usage: greenroom ${first}`)])
    const sub = rest.find((word) => new RegExp(`^  ${word}\\b`, 'm').test(help))
    const texts = [everywhere, help, sub === undefined ? '' : await helpOf(first, sub)]
    expect([
      command,
      options.filter((option) => !texts.some((one) => one.includes(`${option} `) || one.includes(`${option}\n`))),
    ]).toEqual([command, []])
  }
})

test('routes, metrics and files that it names are there', async () => {
  const routes = Object.values(operations).flatMap(({ rest }) =>
    [rest ?? []].flat().map(({ path }) => path.replaceAll(/:\w+/g, '*')),
  )
  const named = [...text.matchAll(/\/api\/[\w/]+/g)].map(([path]) => path.replaceAll(/\/[A-Z]+(?=\/|$)/g, '/*'))
  expect(named.filter((path) => !routes.includes(path))).toEqual([])
  const { body } = await createMetrics().text()
  const served = [...body.matchAll(/^# TYPE (greenroom_\S+)/gm)].map(([, name = '']) => name)
  const metrics = [...text.matchAll(/`(greenroom_(?!claim)\w+)/g)].map(([, name = '']) => name)
  expect([...new Set(metrics)].toSorted()).toEqual(served.toSorted())
  const links = [...text.matchAll(/\]\((\.[^)]+)\)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(3)
  expect(links.filter((path) => !existsSync(join(ROOT, dirname(FILE), path)))).toEqual([])
})

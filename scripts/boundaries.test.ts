import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A small tree of its own under our real configuration files, with one violation of each rule planted in it. */
const ROOT = join(import.meta.dirname, '..')
let tree: string

const plant = (path: string, text: string) => {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), text)
}
const link = (path: string) => symlinkSync(join(ROOT, path), join(tree, path))

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'greenroom-boundaries-'))
  ;['node_modules', '.dependency-cruiser.cjs', 'eslint.config.mjs', 'tsconfig.base.json', 'package.json'].forEach(link)
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

describe('import rules', () => {
  const planted: readonly [rule: string, from: string, imports: string][] = [
    ['core-imports', 'core/a1.ts', '../host/x.ts'],
    ['agent-runtime-imports', 'agent-runtime/a.ts', '../host/x.ts'],
    ['renderer-imports', 'renderer/app/a.ts', '../../host/x.ts'],
    ['host-imports', 'host/http/a.ts', '../../agent-runtime/x.ts'],
    ['electron-imports', 'electron/main/a.ts', '../../core/contract/agents.ts'],
    ['core-packages', 'core/a2.ts', 'fastify'],
    ['core-packages', 'core/a3.ts', 'node:fs'],
    ['no-sibling-features', 'host/agents/a.ts', '../sessions/x.ts'],
    ['no-sibling-features', 'host/agents/c.ts', '../compose/x.ts'],
    ['no-sibling-features', 'renderer/agents/a.ts', '../calls/x.ts'],
    ['infrastructure-knows-no-feature', 'host/stores/a.ts', '../agents/x.ts'],
    ['infrastructure-knows-no-feature', 'renderer/ui/a.ts', '../calls/x.ts'],
    ['databases-stay-in-stores', 'host/agents/b.ts', 'kysely'],
    ['databases-stay-in-stores', 'host/access/b.ts', 'mongodb'],
    ['host-never-electron', 'host/http/b.ts', 'electron'],
    ['products-not-tests', 'host/http/c.ts', '../../e2e/x.ts'],
    ['no-unresolvable', 'core/a4.ts', './nowhere.ts'],
  ]
  let violations: { rule: { name: string }; from: string }[]

  beforeAll(() => {
    writeFileSync(join(tree, 'tsconfig.json'), JSON.stringify({ extends: './tsconfig.base.json', include: ['**/*.ts'] }))
    for (const file of [
      'host/x.ts',
      'host/sessions/x.ts',
      'host/compose/x.ts',
      'host/agents/x.ts',
      'agent-runtime/x.ts',
      'renderer/calls/x.ts',
      'e2e/x.ts',
      'core/contract/agents.ts',
      'core/contract/shell.ts',
    ]) {
      plant(file, 'export const x = 1\n')
    }
    for (const [, from, imports] of planted) plant(from, `import * as x from '${imports}'\nexport const y = x\n`)
    plant('core/c1.ts', `import { c2 } from './c2.ts'\nexport const c1 = () => c2\n`)
    plant('core/c2.ts', `import { c1 } from './c1.ts'\nexport const c2 = () => c1\n`)
    plant('electron/main/good.ts', `import * as x from '../../core/contract/shell.ts'\nexport const y = x\n`)
    const cruise = spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        'core',
        'host',
        'agent-runtime',
        'renderer',
        'electron',
        'e2e',
        '--output-type',
        'json',
      ],
      { cwd: tree, encoding: 'utf8', maxBuffer: 64 << 20 },
    )
    violations = JSON.parse(cruise.stdout).summary.violations
  })

  test.each(planted)('%s is held: %s may not import %s', (rule, from) => {
    expect(violations.filter((violation) => violation.from === from).map((violation) => violation.rule.name)).toContain(rule)
  })
  test('a cycle is found', () => {
    expect(violations.filter((violation) => violation.rule.name === 'no-circular')).not.toHaveLength(0)
  })
  test('what is allowed passes', () => {
    expect(violations.filter((violation) => violation.from === 'electron/main/good.ts')).toEqual([])
  })
})

describe('what a folder may touch', () => {
  const planted: readonly [folder: string, code: string, error: RegExp][] = [
    ['core', 'export const x = process.pid\n', /TS2(591|580|304)/],
    ['core', 'export const x = document.title\n', /TS2(584|304)/],
    ['core', 'export const x = new URL("http://x")\n', /TS2304/],
    ['host', 'export const x = document.title\n', /TS2(584|304)/],
    ['renderer', 'export const x = process.pid\n', /TS2(591|580|304)/],
  ]
  test.each(planted)('%s refuses: %s', (folder, code, error) => {
    const project = join(ROOT, 'out', '.planted', `${folder}-${Math.abs(hash(code))}`)
    mkdirSync(project, { recursive: true })
    writeFileSync(join(project, 'planted.ts'), code)
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        extends: `../../../${folder}/tsconfig.json`,
        compilerOptions: {
          noEmit: true,
          composite: false,
          incremental: false,
          emitDeclarationOnly: false,
          rootDir: '.',
          paths: {},
        },
        include: ['planted.ts'],
        references: [],
      }),
    )
    const compiled = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project], {
      encoding: 'utf8',
    })
    rmSync(project, { recursive: true, force: true })
    expect(compiled.status).not.toBe(0)
    expect(compiled.stdout).toMatch(error)
  })
})

describe('lint rules', () => {
  const planted: readonly [rule: string, code: string][] = [
    ['@typescript-eslint/no-explicit-any', 'export const x = (y: any): string => String(y)\n'],
    ['@typescript-eslint/consistent-type-assertions', 'export const x = JSON.parse("1") as number\n'],
    ['@typescript-eslint/no-floating-promises', 'export const x = () => { Promise.resolve(1) }\n'],
    [
      '@typescript-eslint/switch-exhaustiveness-check',
      'export const x = (y: "a" | "b") => { switch (y) { case "a": return 1 } return 2 }\n',
    ],
    ['no-empty', 'export const x = () => { try { x() } catch {} }\n'],
    ['no-restricted-exports', 'export default 1\n'],
    ['no-restricted-globals', 'export const x = () => localStorage\n'],
    ['max-lines', Array.from({ length: 501 }, (_, index) => `export const x${index} = ${index}\n`).join('')],
  ]
  let messages: Map<string, string[]>

  beforeAll(() => {
    const folder = join(tree, 'host', 'lint')
    mkdirSync(folder, { recursive: true })
    planted.forEach(([, code], index) => writeFileSync(join(folder, `p${index}.ts`), code))
    writeFileSync(
      join(tree, 'tsconfig.json'),
      JSON.stringify({
        extends: './tsconfig.base.json',
        compilerOptions: { lib: ['es2023', 'dom'] },
        include: ['host/lint/*.ts'],
      }),
    )
    // A copy, because ESLint takes the folder of its configuration for the root of the project.
    rmSync(join(tree, 'eslint.config.mjs'))
    writeFileSync(join(tree, 'eslint.config.mjs'), execFileSync('cat', [join(ROOT, 'eslint.config.mjs')]))
    const lint = spawnSync(process.execPath, [join(ROOT, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', 'host/lint'], {
      cwd: tree,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    })
    const results: { filePath: string; messages: { ruleId: string }[] }[] = JSON.parse(lint.stdout)
    messages = new Map(
      results.map((result) => [result.filePath.replace(/^.*[\\/]/, ''), result.messages.map((message) => message.ruleId)]),
    )
  })

  test.each(planted.map(([rule], index) => [rule, `p${index}.ts`] as const))('%s is held', (rule, file) => {
    expect(messages.get(file)).toContain(rule)
  })
})

test('dead code is found', () => {
  const project = mkdtempSync(join(tmpdir(), 'greenroom-knip-'))
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'planted', type: 'module', dependencies: { zod: '4.6.7' } }),
  )
  writeFileSync(join(project, 'knip.json'), JSON.stringify({ entry: ['main.ts'], project: ['*.ts'] }))
  writeFileSync(join(project, 'main.ts'), `import { used } from './lib.ts'\nused()\n`)
  writeFileSync(join(project, 'lib.ts'), 'export const used = () => 1\nexport const unused = () => 2\n')
  writeFileSync(join(project, 'orphan.ts'), 'export const orphan = 1\n')
  const knip = spawnSync(process.execPath, [join(ROOT, 'node_modules/knip/bin/knip.js'), '--no-progress'], {
    cwd: project,
    encoding: 'utf8',
  })
  rmSync(project, { recursive: true, force: true })
  expect(knip.stdout).toMatch(/orphan\.ts/)
  expect(knip.stdout).toMatch(/unused/)
  expect(knip.stdout).toMatch(/zod/)
})

const hash = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7)

import { join } from 'node:path'
import { DCLinter } from 'dclint'
import { expect, test } from 'vitest'
import { namesIn, namesInSources, readText, readYaml, ROOT, unknownWords } from './testing/deploy-files.ts'

type Service = Readonly<{
  image: string
  command?: readonly string[]
  environment?: Readonly<Record<string, string>>
  ports?: readonly string[]
  healthcheck?: object
  stop_grace_period?: string
  read_only?: boolean
  depends_on?: Readonly<Record<string, Readonly<{ condition: string }>>>
  volumes?: readonly string[]
}>

const FILE = 'deploy/compose.yaml'
const { services, volumes } = readYaml(FILE) as { services: Record<string, Service>; volumes: object }
const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('greenroom:'))
/** Rules on the order in which things stand; here they stand in the order in which they start. */
const IN_OUR_ORDER = new Set(['service-keys-order', 'services-alphabetical-order'])
const example = readText('deploy/.env.example')

test('the compose file fits the schema of the specification and breaks no rule of its linter', () => {
  const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] })
  const found = linter.lintFiles([join(ROOT, FILE)], false).flatMap(({ messages }) => messages)
  expect(found.filter(({ rule }) => !IN_OUR_ORDER.has(rule))).toEqual([])
})

test('it runs an API without worker and three workers: one for all agents, one by id, one by type; each with commands that there are', async () => {
  expect(ours.map(([name]) => name)).toEqual(['api', 'worker', 'worker-support', 'worker-interview'])
  for (const [, { command = [] }] of ours) expect(await unknownWords(command)).toEqual([])
  expect(services['api']?.command).toContain('--no-worker')
  const filters = ours.map(([, { environment = {} }]) => [environment['AGENT_FILTER'], environment['AGENT_TYPE']])
  expect(filters.slice(1)).toEqual([[], ['support,sales'], [undefined, 'interview']].map(([id, type]) => [id, type]))
  for (const [name, { image }] of Object.entries(services))
    expect([name, image]).toEqual([name, expect.stringMatching(/:v?\d+\.\d/)])
})

test('each waits for what it needs, answers for its health, and has the time to end its calls', () => {
  for (const [name, service] of Object.entries(services)) {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(condition).toBe('service_healthy')
      // Ours have the health check of the image.
      expect([name, other, services[other]?.healthcheck !== undefined || other === 'api']).toEqual([name, other, true])
    }
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    for (const [volume] of (service.volumes ?? []).map((one) => one.split(':')))
      expect(volume?.startsWith('./') === true || (volume ?? '') in volumes).toBe(true)
  }
  for (const [name, { environment = {}, stop_grace_period = '', read_only }] of ours) {
    expect(read_only).toBe(true)
    if (name === 'api') continue
    expect(Number.parseInt(stop_grace_period) * 60).toBeGreaterThan(Number(environment['GREENROOM_DRAIN_SECONDS']))
    expect(stop_grace_period).toMatch(/^\d+m$/)
  }
})

test('variables are those of the product, and what has to be given stands in the example', () => {
  const known = namesInSources()
  const used = ours.flatMap(([, { environment = {} }]) => Object.keys(environment))
  expect([...used, ...namesIn(example)].filter((name) => !known.has(name))).toEqual([])
  const asked = [...readText(FILE).matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name)
  expect(asked.filter((name) => !new RegExp(`^(# )?${name}=`, 'm').test(example))).toEqual([])
  // An example with a real secret in it would be one that everybody has.
  const secrets = [...example.matchAll(/^(\w*(?:SECRET|PASSWORD)\w*)=(.*)$/gm)].map(([, name, value]) => [name, value])
  expect(secrets.map(([, value]) => value)).toEqual(secrets.map(() => ''))
})

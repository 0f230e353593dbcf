import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { createMetrics } from '../host/http/metrics.ts'
import { spawnServer } from '../host/testing/spawn-server.ts'
import { readText, readYaml } from './testing/deploy-files.ts'

type Target = Readonly<{ expr: string; refId: string; datasource: object }>
type Panel = Readonly<{ id: number; type: string; title: string; gridPos: Grid; targets?: readonly Target[] }>
type Grid = Readonly<{ x: number; y: number; w: number; h: number }>
type Variable = Readonly<{ name: string; definition?: string }>
type Dashboard = Readonly<{
  uid: string
  title: string
  schemaVersion: number
  panels: Panel[]
  templating: { list: Variable[] }
}>
type Rule = Readonly<{ alert: string; expr: string; for?: string; labels: object; annotations: Readonly<Record<string, string>> }>

const dashboard = JSON.parse(readText('deploy/grafana/greenroom.json')) as Dashboard
const alerts = readYaml('deploy/prometheus/alerts.yaml') as { groups: { rules: Rule[] }[] }
const adapter = readYaml('deploy/prometheus/adapter.yaml') as { rules: { custom: { seriesQuery: string }[] } }
const rules = alerts.groups.flatMap((group) => group.rules)
const panels = dashboard.panels.filter(({ type }) => type !== 'row')
const variables = dashboard.templating.list
/** As Grafana fills them in. */
const filled = (text: string): string => text.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*')
const expressions = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, text: filled(expr) }))),
  ...rules.map(({ alert, expr }) => ({ where: alert, text: expr })),
  ...adapter.rules.custom.map(({ seriesQuery }) => ({ where: 'adapter', text: seriesQuery })),
  ...variables.flatMap(({ name, definition }) => {
    const text = /^label_values\((.*), \w+\)$/.exec(definition ?? '')?.[1]
    return text === undefined ? [] : [{ where: name, text }]
  }),
]
/** What a Prometheus adds by itself, or deploy/prometheus/scrape.yaml. */
const ADDED = ['job', 'instance', 'component', 'namespace', 'pod']

type Selector = Readonly<{ where: string; metric: string; labels: readonly string[] }>

/** The metrics that an expression asks for, each with the labels that it names. */
function selectorsOf({ where, text }: (typeof expressions)[number]): Selector[] {
  const found: { where: string; metric: string; labels: string[] }[] = []
  parser.parse(text).iterate({
    enter: ({ name, node, from, to }) => {
      if (node.type.isError) throw new Error(`${where}: cannot be read at ${from}: ${text}`)
      if (name === 'VectorSelector') found.push({ where, metric: '', labels: [] })
      const last = found.at(-1)
      if (!last) return
      if (name === 'Identifier' && last.metric === '') last.metric = text.slice(from, to)
      if (name === 'LabelName' && node.parent?.type.name === 'UnquotedLabelMatcher') last.labels.push(text.slice(from, to))
    },
  })
  return found
}

test('every expression of the dashboard, the alerts and the adapter is PromQL about metrics that a running server has, by labels that they have', async () => {
  const server = await spawnServer('serve', { flags: ['--insecure', '--no-worker'] })
  const served = await (await fetch(`${server.address}/metrics`)).text()
  const names = new Set([...served.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) => namesOf(name, type)))
  const selectors = expressions.flatMap(selectorsOf)
  expect(selectors.length).toBeGreaterThan(30)
  expect(selectors.filter(({ metric }) => metric !== 'up' && !names.has(metric))).toEqual([])
  const labels = await labelsOfAll()
  const foreign = selectors.filter((one) =>
    one.labels.some((label) => ![...ADDED, ...(labels.get(one.metric) ?? [])].includes(label)),
  )
  expect(foreign).toEqual([])
  // And the other way round: what we count ourselves is on the dashboard.
  const shown = new Set(selectors.map(({ metric }) => metric))
  const ours = [...served.matchAll(/^# TYPE (greenroom_\S+) (\S+)$/gm)]
  expect(
    ours.filter(([, name = '', type]) => !namesOf(name, type).some((one) => shown.has(one))).map(([, name]) => name),
  ).toEqual([])
})

test('an expression that is none, and a metric that there is not, would be found', () => {
  expect(() => selectorsOf({ where: '', text: 'sum(rate(a[5m])' })).toThrow('cannot be read')
  expect(selectorsOf({ where: 'here', text: 'sum by (x) (rate(a_b{c="d"}[5m])) / e' })).toEqual([
    { where: 'here', metric: 'a_b', labels: ['c'] },
    { where: 'here', metric: 'e', labels: [] },
  ])
})

test('the dashboard can be imported: its panels have their own ids and places, and know where their numbers come from', () => {
  expect(dashboard).toMatchObject({ uid: 'greenroom', title: 'Greenroom', schemaVersion: expect.any(Number) })
  expect(variables.map(({ name }) => name)).toEqual(['source', 'instance'])
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  const taken = new Set<string>()
  for (const { title, gridPos, targets = [], type } of dashboard.panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect([title, x < 24 && !taken.has(`${x} ${y}`)]).toEqual([title, true])
        taken.add(`${x} ${y}`)
      }
    expect([title, targets.length > 0]).toEqual([title, type !== 'row'])
    for (const { datasource } of targets) expect(datasource).toEqual({ type: 'prometheus', uid: '${source}' })
  }
})

test('each alert says what is wrong and what to do', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^Greenroom[A-Z]/)
    expect(labels).toMatchObject({ severity: expect.stringMatching(/^(critical|warning)$/) })
    expect(annotations).toMatchObject({ summary: expect.any(String), action: expect.any(String) })
  }
})

const namesOf = (name: string, type = ''): string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]

/** Labels of each metric, of a host in which everything has happened once. */
async function labelsOfAll(): Promise<Map<string, readonly string[]>> {
  const metrics = createMetrics()
  metrics.requested({ method: 'GET', route: '/', status: 200, seconds: 1 })
  metrics.sessionEnded('stopped')
  metrics.sessionRefused('sessions')
  metrics.turnHeard(1)
  const { body } = await metrics.text()
  return new Map(
    [...body.matchAll(/^(\w+)(?:\{(.*)\})? /gm)].map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
    ]),
  )
}

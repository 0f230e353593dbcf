/** Who may import whom (see "Who may import whom" in docs/architecture.md). A test plants a violation of each rule. */
const PLACES = 'core|host|agent-runtime|electron|renderer|e2e|bench|scripts'
const TEST = '\\.(test|spec)\\.tsx?$|/testing/'

const only = (from, allowed) => ({
  name: `${from}-imports`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: TEST },
  to: { path: `^(${PLACES})/`, pathNot: `^(${allowed.join('|')})` },
})
const packages = (from, allowed) => ({
  name: `${from}-packages`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: TEST },
  to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'core'], pathNot: `(^|/)node_modules/(${allowed.join('|')})/` },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?' } },
    only('core', ['core/']),
    only('agent-runtime', ['core/', 'agent-runtime/']),
    only('renderer', ['core/', 'renderer/']),
    only('host', ['core/', 'host/']),
    only('electron', ['electron/', 'core/contract/shell\\.ts']),
    packages('core', [
      'zod',
      'liquidjs',
      'canonicalize',
      '@noble/(hashes|curves)',
      'jsonrepair',
      're2js',
      'gpt-tokenizer',
      'semver',
      'uuid',
    ]),
    {
      name: 'no-sibling-features',
      severity: 'error',
      from: { path: '^(host|renderer)/([^/]+)/', pathNot: `^renderer/app/|^host/(cli|compose)/|${TEST}` },
      to: {
        path: '^$1/([^/]+)/',
        pathNot: ['^$1/$2/', '^host/(stores|runtime|http|livekit|fetching)/', '^renderer/(client|ui)/'],
      },
    },
    // Infrastructure and the shared page code know no feature; `app`, `cli` and the composition root with its folder `compose` do.
    {
      name: 'infrastructure-knows-no-feature',
      severity: 'error',
      from: { path: '^(host/(stores|runtime|http|livekit|fetching)|renderer/(client|ui))/', pathNot: TEST },
      to: { path: '^(host|renderer)/[^/]+/', pathNot: '^(host/(stores|runtime|http|livekit|fetching)|renderer/(client|ui))/' },
    },
    {
      name: 'databases-stay-in-stores',
      severity: 'error',
      // `migrating` reads what others left in databases that are not ours.
      from: { path: '^host/', pathNot: `^host/(stores|migrating)/|${TEST}` },
      to: { path: '(^|/)node_modules/(kysely|better-sqlite3|pg|mongodb|ioredis)/' },
    },
    {
      name: 'host-never-electron',
      severity: 'error',
      from: { path: '^(host|core|agent-runtime|renderer)/' },
      to: { path: '(^|/)node_modules/electron/' },
    },
    {
      name: 'products-not-tests',
      severity: 'error',
      from: { pathNot: `${TEST}|^(e2e|bench)/` },
      to: { path: '\\.(test|spec)\\.tsx?$|^(e2e|bench)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^out/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}

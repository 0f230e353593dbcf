import { binOf, runNode } from './run.mjs'

/** Everything that a tool can say no to, fastest first; all steps run, so that one run tells all. */
const STEPS = [
  { name: 'format', args: [binOf('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'types', args: [binOf('typescript', 'tsc'), '-b'] },
  {
    name: 'boundaries',
    args: [
      binOf('dependency-cruiser', 'depcruise'),
      'core',
      'host',
      'agent-runtime',
      'renderer',
      'electron',
      'e2e',
      'bench',
      '--output-type',
      'err',
    ],
  },
  { name: 'dead code', args: [binOf('knip'), '--no-progress'] },
  {
    name: 'lint',
    args: [
      '--max-old-space-size=4096',
      binOf('eslint'),
      '--cache',
      '--cache-location',
      'out/.eslintcache',
      '--max-warnings',
      '0',
      '.',
    ],
  },
  { name: 'unit tests', args: [binOf('vitest'), 'run'] },
]

const failed = []
for (const step of STEPS) {
  const started = performance.now()
  const code = await runNode(step.args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${seconds} s)`)
  if (code !== 0) failed.push(step.name)
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exitCode = 1
}

import { spawn } from 'node:child_process'
import { binOf, NODE, ROOT, runNode } from './run.mjs'

/** Everything that a tool can say no to, slowest first; all steps run, so that one run tells all. */
const STEPS = [
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
  { name: 'bundle', args: ['scripts/bundle-runtime.mjs'] },
].map((step) => ({ ...step, run: collect }))

/** Alone and afterwards: real processes and calls lose races on a machine that lints. */
const TESTS = {
  name: 'unit tests',
  args: [binOf('vitest'), 'run'],
  run: async (args) => {
    const env = failed.includes('bundle') ? process.env : { ...process.env, GREENROOM_TEST_BUNDLED: '1' }
    return { code: await runNode(args, { env }), output: '' }
  },
}
const AT_ONCE = 2

/** Runs Node on `args` beside others: what it prints comes in one piece, at its end. */
function collect(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    const printed = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(printed).toString() }))
  })
}

const failed = []
async function check({ name, args, run }) {
  const started = performance.now()
  const { code, output } = await run(args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${output}${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (code !== 0) failed.push(name)
}

// None of these tools uses more than one core for long.
const waiting = STEPS.values()
const lane = async () => {
  for (const step of waiting) await check(step)
}
await Promise.all(Array.from({ length: AT_ONCE }, lane))
await check(TESTS)
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exitCode = 1
}

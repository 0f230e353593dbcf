import { ROOT, runNode } from './run.mjs'

/** check (with the unit tests), then end to end: both always run, so that one run tells all. */
let failed = false
for (const script of ['scripts/check.mjs', 'scripts/e2e.mjs']) {
  if ((await runNode([script], { cwd: ROOT })) !== 0) failed = true
}
process.exitCode = failed ? 1 : 0

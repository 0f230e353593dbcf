import { join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { build } from './build.mjs'
import { ROOT, runNode } from './run.mjs'

/** Builds, then measures (`npm run bench -- P3 P9` runs only those). */
const code = await build()
if (code !== 0) process.exit(code)
const env = { ...process.env, GREENROOM_TEST_BROWSER: await findBrowser() }
process.exitCode = await runNode(['--expose-gc', join(ROOT, 'bench', 'main.ts'), ...process.argv.slice(2)], { env })

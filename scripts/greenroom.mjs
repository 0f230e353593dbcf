#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { NODE, ROOT } from './run.mjs'

/** The `greenroom` command on the Node that the project brings along, whichever Node started this. */
const entry = join(ROOT, 'out', 'host', 'cli', 'main.js')
if (!existsSync(entry)) {
  console.error('greenroom: it is not built yet\n  Run: npm run build')
  process.exit(1)
}
const child = spawn(NODE, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })
// Ctrl+C reaches both; the command ends in its own order, and this waits for it.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
// npx and npm run end at SIGTERM and tell nobody: a server would go on without them, and nothing could stop it in order.
if (process.env.npm_command !== undefined) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 300)
  watch.unref()
}
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from './studio.ts'
import { alive, descendants } from './processes.ts'

const ROOT = join(import.meta.dirname, '..')

test('the README’s start command serves a studio that its link logs in to, and Ctrl+C ends it', async ({ dataDir, page }) => {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env
  const start = spawn(
    process.env.GREENROOM_NODE ?? process.execPath,
    [join(ROOT, 'scripts/start.mjs'), '--no-open', '--data', dataDir],
    { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exited = new Promise((resolve) => start.once('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    start.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(output)?.[0]
      if (found) resolve(found)
    })
    void exited.then((code) => reject(new Error(`start ended with ${String(code)}:\n${output}`)))
  })
  await page.goto(url)
  await expect(page.getByRole('list', { name: 'Agents' })).toContainText('PTE interview')
  const started = descendants(start.pid!)
  for (const pid of [start.pid!, ...started]) process.kill(pid, 'SIGINT')
  await exited
  await expect.poll(() => alive(started)).toEqual([])
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOutput } from './output.ts'
import { runProgram } from './program.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'greenroom route '))))
afterEach(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))

/** On a new data folder, which begins with the samples. */
async function route(...argv: string[]) {
  let [stdout, stderr] = ['', '']
  const out = createOutput({ write: (text) => (stdout += text) }, { write: (text) => (stderr += text) })
  const run = { out, stdin: Readable.from([]), signal: new AbortController().signal }
  const code = await runProgram(['--data', dir, 'route', ...argv], run)
  return { code, stdout, stderr }
}

test('a table says who answers, by which rule, and why not by the others', async () => {
  const { code, stdout } = await route('--metadata', '{"agent_id": "gone", "purpose": "Support", "overrides": {"tools": []}}')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^support-agent-v1: The purpose "Support" is in the job's metadata\.\n\nRULE/)
  expect(stdout).toMatch(/Named +no match +The job's metadata names "gone", which is not there\./)
  expect(stdout).toContain('refused /job_metadata/overrides/tools')
})

test('attributes, time and early jobs; --json prints the decision; nobody is exit code 1', async () => {
  expect(JSON.parse((await route('--json', '--attribute', 'is_new_user=true')).stdout)).toMatchObject({
    ...{ agent_id: 'onboarding-agent-v1', rule: 'attributes' },
  })
  const early = await route('--early', '--at', '2026-11-23T09:30:00Z')
  expect(early).toMatchObject({ code: 1, stdout: expect.stringContaining('nobody: It depends on who joins.') })
  expect((await route('--untrusted', '--participant-metadata', '{"agent_id": "sales-agent-v1"}')).code).toBe(1)
})

test.each([
  [['--metadata', '{purpose'], 1, /--metadata is no JSON object/],
  [['--attribute', 'tier'], 1, /"tier" is no attribute/],
  [['--at', 'soon'], 2, /must be a time/],
])('%j is refused with the way out', async (argv, code, words) => {
  const { code: given, stderr } = await route(...argv)
  expect(given).toBe(code)
  expect(stderr).toMatch(words)
})

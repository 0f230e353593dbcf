import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext } from '@playwright/test'
import { startHost, type HeadlessHost } from '../e2e/host-client.ts'

export type StudioPage = Readonly<{ origin: string; context: BrowserContext; host: HeadlessHost; close: () => Promise<void> }>

/** The built host on an empty data folder, and a browser context that is logged in to it. */
export async function openStudioPage(
  browser: Browser,
  { prepare }: { prepare?: (host: HeadlessHost) => Promise<void> },
): Promise<StudioPage> {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-bench-'))
  const host = await startHost(dir)
  await prepare?.(host)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(host.loginUrl)
  await page.close()
  return {
    origin: new URL(host.loginUrl).origin,
    context,
    host,
    close: async () => {
      host.process.kill('SIGTERM')
      await host.exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { chromium, type Browser, type BrowserContext } from '@playwright/test'

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.GREENROOM_TEST_BROWSER!,
    args: [...QUIET, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })

/**
 * Opens `url` in a new page of `context` and returns the ms from the start of navigation to the frame in which `selector` is
 * there and can be used; measured in the page by its own clock.
 */
export async function timeUntil(context: BrowserContext, url: string, selector: string): Promise<number> {
  const page = await context.newPage()
  await page.addInitScript((wanted) => {
    const look = () => {
      const found = document.querySelector(wanted)
      if (found) requestAnimationFrame(() => Object.assign(window, { __seen: performance.now() }))
      else requestAnimationFrame(look)
    }
    look()
  }, selector)
  await page.goto(url)
  const seen = await page.waitForFunction(() => (window as { __seen?: number }).__seen, undefined, { timeout: 60_000 })
  const value = await seen.jsonValue()
  await page.close()
  return value ?? Number.NaN
}

/** Static files on loopback, for the pages that ours is compared with. */
export async function serveFolder(folder: string): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (bytes) => response.setHeader('content-type', TYPES[extname(path) || '.html'] ?? 'application/octet-stream').end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, server }
}

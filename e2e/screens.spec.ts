import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page, TestInfo } from '@playwright/test'
import { expect, test, type Studio } from './studio.ts'
import { callPanel, openTab } from './workspace.ts'

/** Every screen in both themes and at both sizes: axe finds nothing, nothing sticks out sideways. Pictures land in test-results. */
const THEMES = ['dark', 'light'] as const
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const

const SCREENS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  prompt: async (page) => {
    await goTo(page, 'agents/pte-interview-agent-v1/prompt')
    await expect(page.locator('[data-ready="true"] .view-line').first()).toBeVisible()
  },
  output: async (page) => {
    await openTab(page, /^Output/)
    await expect(page.getByRole('table', { name: 'Fields' })).toBeVisible()
  },
  'voice and models': async (page) => {
    await openTab(page, 'Voice & models')
    await expect(page.getByRole('region', { name: 'Language model' })).toBeVisible()
  },
  tools: async (page) => {
    await openTab(page, /^Tools/)
    const none = page.getByRole('heading', { name: 'This agent only talks' })
    const request = page.getByRole('region', { name: 'The request as it would be sent' })
    await expect(none.or(request)).toBeVisible()
    // Added the first time, there every other one.
    if (await none.isVisible()) await page.getByRole('button', { name: 'Add: Look up an order' }).click()
    await expect(request).toContainText('/api/orders/')
  },
  routing: async (page) => {
    await openTab(page, 'Routing')
    await expect(page.getByRole('region', { name: 'Why this agent' })).toContainText('A/B weights')
  },
  versions: async (page) => {
    await openTab(page, 'Versions')
    await expect(page.getByRole('list', { name: /Revisions/ })).toBeVisible()
  },
  releases: async (page) => {
    await page.getByRole('tab', { name: /^Releases/ }).click()
    await releaseOnce(page, 'pte-interview-agent-v1')
    await expect(page.getByRole('table', { name: 'How both versions do' })).toBeVisible()
    await page.getByRole('button', { name: 'Promote to everybody…' }).click()
    await page.getByRole('button', { name: 'Stop…' }).click()
  },
  palette: async (page) => {
    await page.keyboard.press('ControlOrMeta+k')
    await expect(page.getByPlaceholder(/agents, calls/i)).toBeVisible()
  },
  calls: async (page) => {
    await page.keyboard.press('Escape')
    await goTo(page, 'calls')
    await expect(page.getByRole('main')).toContainText('Customer support')
  },
  call: async (page) => {
    await page
      .getByRole('main')
      .getByRole('button', { name: /Customer support/ })
      .first()
      .click()
    await expect(page.getByRole('main')).toContainText('My invoice is wrong.')
  },
  'models and keys': async (page) => {
    await goTo(page, 'models')
    await expect(page.getByRole('main')).toContainText(/whisper/i)
  },
  'one model': async (page) => {
    await page.getByRole('textbox', { name: 'Find models' }).fill('smollm2 135m')
    await page.getByRole('button', { name: /^SmolLM2 135M/ }).click()
    await expect(page.getByRole('table', { name: 'Models' })).toContainText('SHA-256')
  },
  'import of a model': async (page) => {
    await goTo(page, 'models/models/import')
    await expect(page.getByRole('dialog')).toContainText('faster-whisper')
  },
  keys: async (page) => {
    await page.keyboard.press('Escape')
    await goTo(page, 'models/keys')
    await expect(page.getByRole('form', { name: 'Add a key' })).toBeVisible()
  },
  'import of keys': async (page) => {
    await goTo(page, 'models/keys/import')
    await expect(page.getByRole('dialog')).toContainText('Only the names are shown')
  },
  providers: async (page) => {
    await page.keyboard.press('Escape')
    await goTo(page, 'models/providers')
    await page.getByRole('textbox', { name: 'Find providers' }).fill('openai')
    await page.getByRole('button', { name: 'OpenAI', exact: true }).click()
    await expect(page.getByRole('region', { name: 'Language model of OpenAI' })).toBeVisible()
  },
  prices: async (page) => {
    await goTo(page, 'models/prices')
    await expect(page.getByRole('table', { name: 'Prices' })).toContainText('per minute')
  },
  'one price': async (page) => {
    await page
      .getByRole('button', { name: /^Edit the price of/ })
      .first()
      .click()
    await expect(page.getByRole('dialog')).toContainText('Where from')
  },
  servers: async (page) => {
    await page.keyboard.press('Escape')
    await goTo(page, 'models/servers')
    await expect(page.getByRole('region', { name: 'Local servers' })).toBeVisible()
  },
  settings: async (page) => {
    await goTo(page, 'settings')
    await expect(page.getByRole('main')).toContainText('As the system')
  },
}

const goTo = (page: Page, route: string) =>
  page.evaluate((hash) => {
    window.location.hash = hash
  }, `#/${route}`)

/** A version for a tenth of its callers, unless there is one; the screen hears of it as of anybody's change. */
async function releaseOnce(page: Page, agent_id: string): Promise<void> {
  if (await page.getByRole('tab', { name: /^Releases · / }).isVisible()) return
  await page.evaluate(async (agent) => {
    const call = async (name: string, input: object) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`/api/op/${name}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ agent_id: agent, ...input }),
      })
      if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`)
    }
    await call('agent.publish', { version: '1.0.0', revision: 1 })
    await call('agent.publish', { version: '1.1.0', revision: 1, serve: false })
    await call('release.create', { version: '1.1.0', share: 0.1 })
  }, agent_id)
}

async function makeOneCall({ page }: Studio): Promise<void> {
  await goTo(page, 'agents/support-agent-v1/prompt')
  const panel = callPanel(page)
  await expect(panel.getByRole('radio', { name: 'Text' })).toBeAttached()
  await expect(panel.getByRole('button', { name: 'Start' })).toBeVisible()
  await panel.getByText('Text', { exact: true }).click()
  await expect(panel.getByRole('radio', { name: 'Text' })).toBeChecked()
  await panel.getByRole('button', { name: 'Start' }).click()
  await panel.getByRole('textbox', { name: 'What the caller says' }).fill('My invoice is wrong.')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('region', { name: 'Output of the turn' })).toContainText('valid', { timeout: 40_000 })
  await panel.getByRole('button', { name: 'Stop' }).click()
  await expect(panel.getByRole('button', { name: 'Start' })).toBeVisible()
}

async function look(page: Page, name: string, testInfo: TestInfo): Promise<string[]> {
  const folder = join(testInfo.config.rootDir, '..', 'test-results', 'screens')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  return [
    ...violations.map(
      ({ id, help, nodes }) => `${name}: ${id} (${help}) at ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
    ),
    ...(wide ? [`${name}: wider than the window`] : []),
  ]
}

for (const theme of THEMES) {
  test(`axe finds nothing on any screen, ${theme}`, async ({ openStudio }, testInfo) => {
    test.setTimeout(360_000)
    const studio = await openStudio()
    const { page } = studio
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await makeOneCall(studio)
    const found: string[] = []
    // The shell shows the same pages: there each is looked at once in each theme, for what an older Chromium makes of them.
    const sizes = testInfo.project.name === 'electron' ? SIZES.filter((_, at) => at === THEMES.indexOf(theme)) : SIZES
    for (const size of sizes) {
      await page.setViewportSize(size)
      for (const [name, open] of Object.entries(SCREENS)) {
        await open(page)
        found.push(...(await look(page, `${name}-${theme}-${size.width}`, testInfo)))
      }
    }
    expect(found).toEqual([])
  })
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startPackageServer } from '../host/models/testing/package-server.ts'
import { expect, test } from './studio.ts'
import { callPanel, createFromSample, openTab, save } from './workspace.ts'

/** Nothing answers there. */
const NOWHERE = 'http://127.0.0.1:1'
const NO_KEYS = { OPENAI_API_KEY: '', GROQ_API_KEY: '', ANTHROPIC_API_KEY: '', GEMINI_API_KEY: '' }
const models = process.env.GREENROOM_TEST_MODELS
/** The published packages of the smallest set, to be fetched for real. */
const wheels = process.env.GREENROOM_TEST_WHEELS

test('from no keys and no models to a call on this machine alone', async ({ openStudio, dataDir }) => {
  test.setTimeout(wheels ? 300_000 : 120_000)
  const mirror = await startPackageServer({ files: wheels ? filesIn(wheels) : {}, index: 'html' })
  const env = { ...NO_KEYS, HF_ENDPOINT: NOWHERE, PIP_INDEX_URL: `${mirror.url}/simple` }
  let studio = await openStudio({ models: null, env })

  await test.step('a call is rehearsed at once, and the smallest real set is offered with size and time', async () => {
    const { page } = studio
    await createFromSample(page, 'PTE interview')
    const panel = callPanel(page)
    const offer = panel.getByRole('region', { name: 'Real answers, offline' })
    await expect(offer).toContainText('You can start now')
    await expect(offer.getByRole('button', { name: /^Get the offline set · \d+ MB$/ })).toBeVisible()
    await expect(offer).toContainText(/about .+ at 20 Mbit\/s, once/)
    await expect(offer).toContainText(/\d+ MB on disk/)
    await talk(page, 'Good morning.')
    await panel.getByRole('button', { name: 'Stop' }).click()
    await expect(panel.getByRole('button', { name: 'Start', exact: true })).toBeVisible()
  })

  const offline = () => studio.page.getByRole('region', { name: 'Offline', exact: true })
  await test.step('it comes from a mirror when the hub is out of reach, or says what was tried', async () => {
    await openTab(studio.page, 'Voice & models')
    await offline()
      .getByRole('button', { name: /^Get the smallest offline set/ })
      .click()
    if (wheels) return expect(offline().getByRole('button', { name: 'Go offline' })).toBeEnabled({ timeout: 200_000 })
    await expect(offline().getByRole('alert')).toContainText(new URL(mirror.url).host)
  })
  if (!wheels && !models) console.log('Offline call of a newcomer: not run, GREENROOM_TEST_MODELS names no folder of weights')
  if (!wheels && models) {
    const { pathname, hash } = new URL(studio.page.url())
    await studio.close()
    studio = await openStudio({ models, env, dataDir })
    await studio.page.goto(new URL(pathname + hash, studio.page.url()).href)
    await openTab(studio.page, 'Voice & models')
  }
  if (!wheels && !models) return mirror.close()

  await test.step('one button puts the agent on it, one switch keeps everything on this machine, and a call answers', async () => {
    const { page } = studio
    const panel = callPanel(page)
    const section = offline()
    await section.getByRole('button', { name: 'Go offline' }).click()
    await section.getByLabel(/^Offline mode/).click()
    await expect(page.getByText('offline', { exact: true }).first()).toBeVisible()
    await save(page)
    await talk(page, 'I worked three years as a nurse.')
    await expect(panel).toContainText('nothing leaves this machine')
    await expect(panel.getByRole('region', { name: 'Transcript' })).not.toContainText(/instead of|does not|failed/)
    await panel.getByRole('button', { name: 'Stop' }).click()
  })
  await mirror.close()
})

/** A call with one typed line, until it is answered. */
async function talk(page: Page, line: string): Promise<void> {
  const panel = callPanel(page)
  await panel.getByText('Text', { exact: true }).click()
  await panel.getByRole('button', { name: 'Start', exact: true }).click()
  await panel.getByRole('textbox', { name: 'What the caller says' }).fill(line)
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('region', { name: 'Transcript' })).toContainText(line)
  const fields = panel.getByRole('region', { name: 'Output of the turn' }).getByRole('table', { name: 'Fields of the turn' })
  await expect(fields).toContainText(/\w{4}/, { timeout: 60_000 })
  await expect(panel.getByRole('button', { name: 'Stop' })).toBeVisible()
}

const filesIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.whl'))
      .map((name) => [name, readFileSync(join(folder, name))]),
  )

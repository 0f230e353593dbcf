import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startOpenAiServer, type OpenAiTestServer } from '../agent-runtime/providers/testing/openai-server.ts'
import { expect, test } from './studio.ts'
import { callPanel, createFromSample, openTab, typeInPrompt } from './workspace.ts'

/** Made up for this test; nothing accepts it. */
const KEY = 'sk-proj-canary0123456789abcdefghijABCDEFGHIJ'
/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:9/v1'

let llm: OpenAiTestServer
test.beforeAll(async () => {
  llm = await startOpenAiServer()
})
test.afterAll(() => llm.close())

test('from a pasted key to a checked provider that takes over when the first one fails', async ({ openStudio, dataDir }) => {
  const { page } = await openStudio()
  await createFromSample(page, 'Customer support')
  const card = page.getByRole('region', { name: 'Language model', exact: true })

  await test.step('a provider is found by typing, and told apart by what is known of it', async () => {
    await openTab(page, 'Voice & models')
    await chooseProvider(page, 'language model', 'compatible', /^OpenAI-compatible/)
    await expect(card).toContainText('key missing')
    await expect(card).toContainText('not verified live')
  })

  await test.step('a key that is pasted into the prompt goes to the secret store, and its reference to the provider', async () => {
    await typeInPrompt(page, '\n')
    await paste(page, `My key is ${KEY}.`)
    const dialog = page.getByRole('dialog', { name: /looks like an OpenAI-style key/ })
    await dialog.getByRole('button', { name: 'Store it' }).click()
    await expect(page.locator('.view-lines').first()).toContainText('secret:openai')
    await openTab(page, 'Voice & models')
    await expect(card).toContainText('key found')
    expect(await page.content()).not.toContain(KEY)
  })

  await test.step('the check tells what does not work, and of a second choice that it does', async () => {
    await card.getByLabel('Address').fill(NOBODY)
    await card.getByRole('button', { name: 'Check the language model' }).click()
    await expect(card.getByRole('group', { name: 'Check of language model' })).toContainText('It does not work yet')
    await card.getByRole('button', { name: 'Add a second choice' }).click()
    await chooseProvider(page, 'second choice of language model', 'compatible', /^OpenAI-compatible/)
    await card.getByRole('button', { name: /^Options: second choice/ }).click()
    await card.getByLabel('Address').last().fill(llm.base_url)
    await card.getByRole('combobox', { name: 'Model', exact: true }).last().fill('test-model')
    await page.keyboard.press('Tab')
    await expect(card.getByText('not verified live')).toBeVisible()
    await card.getByRole('button', { name: 'Check the second choice' }).click()
    await expect(card.getByRole('group', { name: 'Check of second choice of language model' })).toContainText('It works')
    await expect(card.getByText('not verified live')).toHaveCount(0)
  })

  await test.step('in the call the second choice answers, and what is not priced is said to be so', async () => {
    const panel = callPanel(page)
    await panel.getByText('Text', { exact: true }).click()
    await panel.getByRole('button', { name: 'Start' }).click()
    await panel.getByRole('textbox', { name: 'What the caller says' }).fill('My invoice is wrong.')
    await page.keyboard.press('Enter')
    await expect(panel.getByRole('region', { name: 'Transcript' })).toContainText(/test-model instead of/)
    await panel.getByRole('tab', { name: 'Usage' }).click()
    await expect(panel.getByRole('region', { name: 'Cost by provider' })).toContainText('no price known')
  })
  await test.step('the key is nowhere: not on the disk, and not in the page or what it keeps, after a reload too', async () => {
    expect(filesWith(dataDir, KEY)).toEqual([])
    await page.reload()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]),
    )
    expect((await page.content()) + kept).not.toContain(KEY)
  })
})

test('what if another vendor answered: its published pace, without asking it', async ({ openStudio }) => {
  const { page } = await openStudio()
  await createFromSample(page, 'Customer support')
  const panel = callPanel(page)
  await panel.getByRole('button', { name: /^What if/ }).click()
  await page.getByRole('combobox', { name: 'Language model' }).click()
  await page.getByRole('option', { name: /^Claude Haiku 4.5/ }).click()
  await expect(page.getByRole('link', { name: /^Published at/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel.getByRole('region', { name: 'Before the call' })).toContainText('Claude Haiku 4.5 instead of')
  await panel.getByText('Text', { exact: true }).click()
  await panel.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(panel).toContainText('Language model at the pace of Claude Haiku 4.5: rehearsed, not asked')
})

async function chooseProvider(page: Page, of: string, typed: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: `Provider of ${of}` }).click()
  await page.keyboard.type(typed)
  await page.getByRole('option', { name: option }).click()
}

/** As Ctrl+V does: an event with the text, at what has the focus. */
const paste = (page: Page, text: string) =>
  page.evaluate((value) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', value)
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)

const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(text))

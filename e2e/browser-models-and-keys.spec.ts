import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './studio.ts'

/** Made up for this test; nothing accepts it. */
const KEY = 'gsk_canary0123456789abcdefghijABCDEFGHIJ'

const goTo = (page: Page, route: string) =>
  page.evaluate((hash) => {
    window.location.hash = hash
  }, `#/${route}`)

/** As Ctrl+V does: an event with the text, at what has the focus. */
const paste = (page: Page, text: string) =>
  page.evaluate((value) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', value)
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)

test('keys of a .env file are seen by name before they are stored, and nowhere by value', async ({ openStudio, dataDir }) => {
  const { page } = await openStudio()
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByPlaceholder(/agents, calls/i).fill('import .env')
  await page.getByText('Import keys from a .env file…').click()
  const dialog = page.getByRole('dialog', { name: /\.env/ })

  await test.step('each line says what it opens, or why it is left out', async () => {
    await dialog.getByRole('textbox', { name: 'Text of the .env file' }).focus()
    await paste(page, `GROQ_API_KEY=${KEY}\nPORT=3000\nEMPTY_KEY=\n`)
    const list = dialog.getByRole('list', { name: 'What the file holds' })
    await expect(list).toContainText('opens Groq')
    await expect(list).toContainText('does not look like a key')
    await expect(dialog.getByRole('checkbox', { name: 'EMPTY_KEY' })).toBeDisabled()
    await expect(dialog.getByRole('checkbox', { name: 'PORT' })).not.toBeChecked()
    await dialog.getByRole('button', { name: 'Store 1 key' }).click()
    await expect(dialog).toBeHidden()
  })

  await test.step('the key opens its provider', async () => {
    await expect(page.getByRole('table', { name: 'Keys' }).getByRole('row', { name: /GROQ_API_KEY/ })).toContainText('Groq')
    await page.getByRole('tab', { name: 'Providers' }).click()
    await page.getByRole('textbox', { name: 'Find providers' }).fill('groq')
    const row = page.getByRole('table', { name: 'Providers' }).getByRole('row', { name: /Groq/ })
    await expect(row).toContainText('key found')
    await expect(row).toContainText('not verified live')
  })

  await test.step('a forgotten key is asked for, and its provider lacks it again', async () => {
    await page.getByRole('tab', { name: 'Keys' }).click()
    await page.getByRole('button', { name: 'Forget secret:GROQ_API_KEY' }).click()
    await page.getByRole('button', { name: 'Forget it' }).click()
    await page.getByRole('tab', { name: 'Providers' }).click()
    await page.getByRole('button', { name: 'Add a key for Groq' }).click()
    await expect(page.getByRole('combobox', { name: 'Key for' })).toHaveValue(/^Groq/)
    await expect(page.getByRole('textbox', { name: 'Key', exact: true })).toBeFocused()
  })
  expect(await page.content()).not.toContain(KEY)
  expect(filesWith(dataDir, KEY)).toEqual([])
})

test('a price of one’s own comes before the catalogue’s, and goes back to it', async ({ openStudio }) => {
  const { page } = await openStudio()
  await goTo(page, 'models/prices')
  const table = page.getByRole('table', { name: 'Prices' })
  await table
    .getByRole('button', { name: /^Edit the price of/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: /^Price of/ })
  await expect(dialog).toContainText('The catalogue says')
  await dialog.getByRole('textbox', { name: /^(Read|Dollars)$/ }).fill('nothing')
  await dialog.getByRole('button', { name: 'Use this price' }).click()
  await expect(dialog).toContainText('An amount in dollars')
  await dialog.getByRole('textbox', { name: /^(Read|Dollars)$/ }).fill('0.0123')
  await dialog.getByRole('textbox', { name: 'Where from' }).fill('our contract')
  await dialog.getByRole('button', { name: 'Use this price' }).click()
  const own = table.getByRole('row', { name: /our contract/ })
  await expect(own).toContainText('$0.0123')
  await own.getByRole('button').click()
  await dialog.getByRole('button', { name: 'Back to the catalogue’s' }).click()
  await expect(own).toHaveCount(0)
})

test('offline by palette and by settings, shown wherever one is', async ({ openStudio }) => {
  const { page } = await openStudio()
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByPlaceholder(/agents, calls/i).fill('go offline')
  await page.getByText('Go offline: nothing leaves this machine').click()
  await expect(page.getByRole('banner')).toContainText('offline')
  await goTo(page, 'settings')
  const offline = page.getByRole('switch', { name: 'Offline mode' })
  await expect(offline).toBeChecked()
  await offline.press('Space')
  await expect(page.getByRole('banner')).not.toContainText('offline')
})

test('models: found by language, told what they are, and what is no model is refused where it was named', async ({
  openStudio,
  dataDir,
}) => {
  const { page } = await openStudio()
  await goTo(page, 'models')
  const table = page.getByRole('table', { name: 'Models' })
  await page.getByRole('textbox', { name: 'Find models' }).fill('smollm2 135m')
  const row = table.getByRole('row', { name: /SmolLM2 135M/ })
  await expect(row).toContainText('demo')
  await row.getByRole('button', { name: /^SmolLM2 135M/ }).click()
  await expect(row).toContainText('by a SHA-256 of ours')
  await page.getByRole('button', { name: 'Import your own…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import a model of your own' })
  await dialog.getByRole('textbox', { name: 'File or folder' }).fill(join(dataDir, 'not there.gguf'))
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Other sources…' }).click()
  const sources = page.getByRole('dialog', { name: 'Other sources of models' })
  for (const source of ['/first', '/second']) {
    await sources.getByRole('textbox', { name: 'Address or folder' }).fill(source)
    await page.keyboard.press('Enter')
  }
  await sources.getByRole('button', { name: 'Ask /second earlier' }).click()
  await expect(sources.getByRole('listitem').first()).toContainText('/second')
})

const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(text))

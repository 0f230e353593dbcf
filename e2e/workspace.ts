import { expect, type Page } from '@playwright/test'
import type { Studio } from './studio.ts'

/** What a person does in the workspace, by the names that the page gives its controls. */

export async function createFromSample(page: Page, sample: string): Promise<void> {
  await page.getByRole('button', { name: 'New agent' }).first().click()
  const before = page.url()
  await page.getByRole('menuitem', { name: new RegExp(`^${sample}`) }).click()
  await expect(page).not.toHaveURL(before)
  await expect(page.getByRole('tab', { name: 'Prompt' })).toBeVisible()
}

export async function rename(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: /^New name for/ }).fill(name)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: 'Where you are' })).toContainText(name)
}

export const openTab = (page: Page, name: string | RegExp) =>
  page.getByRole('tablist', { name: 'Parts of the agent' }).getByRole('tab', { name }).click()

/** Puts the caret at the end of the instructions and types there, as a person would; the editor may still be the plain text box. */
export async function typeInPrompt(page: Page, text: string): Promise<void> {
  await openTab(page, 'Prompt')
  const editor = page.locator('[data-pointer="/prompt_config/instructions"]')
  await expect(editor).toHaveAttribute('data-ready', 'true')
  await editor.locator('.view-lines').click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.insertText(text)
}

/** Replaces the last line of the instructions. */
export async function replaceLastLine(page: Page, text: string): Promise<void> {
  await typeInPrompt(page, '')
  await page.keyboard.press('Shift+Home')
  await page.keyboard.press('Shift+Home')
  await page.keyboard.insertText(text)
}

export async function setGreeting(page: Page, text: string): Promise<void> {
  const dock = page.getByRole('region', { name: 'Details of the prompt' })
  await dock.getByRole('tab', { name: 'Greeting' }).click()
  await dock.getByRole('textbox').fill(text)
}

export async function addIntegerField(
  page: Page,
  field: { name: string; least: number; most: number; description: string },
): Promise<void> {
  await openTab(page, /^Output/)
  const panel = page.getByRole('tabpanel', { name: /^Output/ }).first()
  await panel.getByRole('button', { name: 'Add a field' }).click()
  const row = panel.getByRole('table', { name: 'Fields' }).getByRole('row').last()
  await row.getByRole('textbox', { name: /^Name of/ }).fill(field.name)
  await row.getByRole('combobox', { name: /^Type of/ }).click()
  await page.getByRole('option', { name: 'int', exact: true }).click()
  await row.getByRole('textbox', { name: /^Description of/ }).fill(field.description)
  await row.getByRole('button', { name: /^Limits of/ }).click()
  await page.getByLabel('at least').fill(String(field.least))
  await page.getByLabel('at most').fill(String(field.most))
  await page.keyboard.press('Escape')
}

export async function useOpenAiServer(page: Page, base_url: string, model: string): Promise<void> {
  await openTab(page, 'Voice & models')
  const card = page.getByRole('region', { name: 'Language model' })
  await card.getByRole('combobox', { name: 'Provider of language model' }).click()
  await page.getByRole('option', { name: /^OpenAI-compatible/ }).click()
  await card.getByLabel('Address').fill(base_url)
  await card.getByLabel('Model', { exact: true }).fill(model)
  await page.keyboard.press('Tab')
}

/** Saves and says which revision it made. */
export async function save(page: Page): Promise<number> {
  await page.keyboard.press('ControlOrMeta+s')
  const status = page.getByRole('banner').getByRole('status')
  await expect(status).toHaveText(/^Saved as revision/)
  return Number(/\d+/.exec(await status.innerText())?.[0])
}

export const callPanel = (page: Page) => page.getByRole('region', { name: /^Call with/ })

export async function exportTo({ page, saveTo }: Studio, agent: string, file: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${agent}` }).click()
  await page.getByRole('menuitem', { name: /^Export/ }).click()
  const dialog = page.getByRole('dialog')
  await saveTo(file, () => dialog.getByRole('button', { name: 'Export', exact: true }).click())
}

export async function importFrom({ page, pick }: Studio, file: string): Promise<void> {
  await page.getByRole('button', { name: 'Import a bundle', exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  const choose = dialog.locator('input[type="file"]').or(dialog.getByRole('button', { name: 'Choose a file…' }))
  await pick(file, () => choose.click())
  await dialog.getByRole('button', { name: 'Create the agent' }).click()
  await expect(dialog).toBeHidden()
}

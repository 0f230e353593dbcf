import { expect, test } from './studio.ts'
import { createFromSample, rename, setGreeting, typeInPrompt } from './workspace.ts'

test('what is typed survives a reload, and a second window sees the change', async ({ openStudio }) => {
  const { page } = await openStudio()
  await createFromSample(page, 'Sales')
  await rename(page, 'Two windows')
  await setGreeting(page, 'Typed just before the reload.')
  await typeInPrompt(page, '\n\nThe last words before the reload.')
  const editor = page.locator('[data-pointer="/prompt_config/instructions"]')
  await expect(editor).toContainText('The last words before the reload.')
  await expect(page.getByRole('banner').getByRole('status')).toHaveText(/unsaved/i)
  await page.reload()
  await expect(editor).toContainText('You are', { timeout: 30_000 })
  await typeInPrompt(page, '')
  await expect(editor).toContainText('The last words before the reload.')

  const second = await page.context().newPage()
  await second.goto(page.url())
  await expect(second.getByRole('navigation', { name: 'Where you are' })).toContainText('Two windows')
  await rename(second, 'Seen by both')
  await expect(page.getByRole('navigation', { name: 'Where you are' })).toContainText('Seen by both')
})

test('a host that was killed comes back to the same page, and nothing typed meanwhile is lost', async ({
  openStudio,
  dataDir,
}) => {
  const { page, kill } = await openStudio()
  await createFromSample(page, 'Sales')
  await rename(page, 'Kept')
  kill('SIGKILL')
  await typeInPrompt(page, '\n\nTyped while nobody listened.')
  await openStudio({ dataDir })
  const status = page.getByRole('banner').getByRole('status')
  await expect(status).toHaveText(/unsaved/i, { timeout: 30_000 })
  await page.reload()
  await typeInPrompt(page, '')
  await expect(page.locator('[data-pointer="/prompt_config/instructions"]')).toContainText('Typed while nobody listened.')
})

import { expect, test } from './studio.ts'
import { createFromSample, openTab, save, typeInPrompt } from './workspace.ts'

/** A version goes to some callers, to more, back, and to everybody, without leaving the screen. */
test('a version is released to a share of callers', async ({ openStudio }) => {
  const { page } = await openStudio()
  await createFromSample(page, 'Sales')
  const publish = async (version: string, serve: boolean) => {
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Publish/ })
      .click()
    const dialog = page.getByRole('dialog')
    if (!serve) await dialog.getByRole('switch', { name: 'Everybody gets it at once' }).click()
    await dialog.getByRole('button', { name: `Publish ${version}`, exact: true }).click()
    await expect(dialog).toBeHidden()
  }
  await openTab(page, 'Versions')
  await page.getByRole('tab', { name: 'Releases' }).click()
  const release = page.getByRole('button', { name: 'Release to a share of callers…' })
  await expect(release).toBeDisabled()
  await publish('1.0.0', true)
  await typeInPrompt(page, '\nSpeak slowly.')
  await save(page)
  await publish('1.1.0', false)

  await openTab(page, 'Versions')
  await expect(page.getByRole('button', { name: '1.0.0 · production' })).toBeVisible()
  await release.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Release 1.1.0 to 10%' }).click()
  const card = page.getByRole('region', { name: 'Release of 1.1.0' })
  await expect(card.getByRole('img', { name: '1.0.0 90%, 1.1.0 10%' })).toBeVisible()
  await expect(card.getByRole('table', { name: 'How both versions do' }).getByRole('row')).toHaveCount(3)
  await card.getByRole('button', { name: '50%' }).click()
  await expect(page.getByRole('tab', { name: 'Releases · 1.1.0 at 50%' })).toBeVisible()

  await card.getByRole('button', { name: 'Stop…' }).click()
  await page.keyboard.type('It asks twice')
  await page.keyboard.press('Enter')
  await expect(card).toContainText('It asks twice')
  await card.getByRole('button', { name: 'Go on with 50%' }).click()
  await card.getByRole('button', { name: 'Promote to everybody…' }).click()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Releases that ended' })).toContainText('everybody got it')
  await page.getByRole('button', { name: '1.1.0 · production' }).click()
  await expect(page.getByRole('menuitem', { name: 'Remove production' })).toBeVisible()
})

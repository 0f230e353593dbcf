import { expect, test } from './studio.ts'
import { openTab } from './workspace.ts'

/** Rules are edited, and who would answer is seen while they are typed; by keyboard where that is natural. */
test('what leads to an agent is edited and tried', async ({ openStudio }) => {
  const { page } = await openStudio()
  await page.getByRole('main').getByText('Customer support').first().click()
  await openTab(page, 'Routing')
  const why = page.getByRole('region', { name: 'Why this agent' })
  await expect(why).toContainText('nothing leads to one that is there and enabled')

  await page.getByRole('textbox', { name: 'Job metadata' }).fill('{"purpose": "Support"}')
  await expect(why).toContainText('Customer support answers.')
  await expect(why.getByRole('listitem').nth(1)).toContainText('matched')

  await page.getByRole('textbox', { name: 'Room metadata' }).fill('{"tier": ')
  await expect(page.getByText(/^Line 1, column \d+:/)).toBeVisible()
  await page.getByRole('textbox', { name: 'Room metadata' }).fill('')

  // What is typed counts before it is saved.
  await page.locator('[data-pointer="/routing/purposes"]').focus()
  await page.keyboard.press('Backspace')
  await expect(why).toContainText('No agent has the purpose')
  await page.keyboard.type('billing')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Job metadata' }).fill('{"purpose": "billing", "user_id": "u-7"}')
  await expect(why).toContainText('Customer support answers.')
  await expect(why).toContainText('u-7')

  // A look at another tab loses nothing.
  await openTab(page, 'Prompt')
  await openTab(page, 'Routing')
  await expect(page.getByRole('textbox', { name: 'Job metadata' })).toHaveValue(/billing/)

  await page.getByRole('textbox', { name: 'Job metadata' }).fill('{"user_id": "u-7"}')
  for (const name of ['Customer support', 'Sales']) {
    await page.getByRole('combobox', { name: 'Add an agent to the weights' }).click()
    await page.getByRole('option', { name, exact: true }).click()
    await expect(page.getByRole('textbox', { name: `Weight of ${name}` })).toBeFocused()
  }
  await expect(page.getByRole('img', { name: 'Customer support 90%, Sales 10%' })).toBeVisible()
  await page.getByRole('button', { name: 'Apply the weights' }).click()
  await expect(why.getByRole('listitem').nth(4)).toContainText('The user "u-7" of the job\'s metadata falls into')

  // What bounds them stays when they are changed.
  const bounded = page.getByRole('switch', { name: 'Stops by itself above' })
  await bounded.click()
  await page.getByRole('textbox', { name: 'Silence p95' }).fill('1500')
  await page.getByRole('button', { name: 'Apply the weights' }).click()
  await expect(page.getByRole('button', { name: 'Apply the weights' })).toBeHidden()
  await page.getByRole('textbox', { name: 'Weight of Sales' }).fill('90')
  await page.getByRole('button', { name: 'Apply the weights' }).click()
  await expect(page.getByRole('img', { name: 'Customer support 50%, Sales 50%' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Apply the weights' })).toBeHidden()
  await expect(bounded).toBeChecked()
  await expect(page.getByRole('textbox', { name: 'Silence p95' })).toHaveValue('1500 ms')
})

import { expect, test } from './studio.ts'
import { callPanel } from './workspace.ts'

test('a microphone that is not allowed is told with its cause, and the call can be typed into', async ({ openStudio }) => {
  const { page } = await openStudio()
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'))
  })
  await page.reload()
  const panel = callPanel(page)
  await panel.getByRole('button', { name: 'Start' }).click()
  await expect(panel.getByText('The microphone was not allowed').first()).toBeVisible()
  await panel.getByRole('textbox', { name: 'What the caller says' }).fill('Then I type.')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('region', { name: 'Output of the turn' })).toContainText('valid', { timeout: 40_000 })
})

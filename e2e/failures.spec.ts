import { startOpenAiServer, type OpenAiTestServer } from '../agent-runtime/providers/testing/openai-server.ts'
import { expect, test } from './studio.ts'
import { callPanel, createFromSample, save, useOpenAiServer } from './workspace.ts'

/** Each way a provider can fail is told in the call panel, with its cause; the call goes on and can be ended. */
const FAULTS: readonly [model: string, told: RegExp][] = [
  ['fault-401', /does not accept the key \(401\)/],
  ['fault-429', /429/],
  ['fault-500', /500/],
  ['plain', /answered with nothing/],
]

let llm: OpenAiTestServer
test.beforeAll(async () => {
  llm = await startOpenAiServer()
})
test.afterAll(() => llm.close())

test('a provider that fails is told with its cause, and the call goes on', async ({ openStudio }) => {
  const { page } = await openStudio()
  const panel = callPanel(page)
  await createFromSample(page, 'Customer support')
  await useOpenAiServer(page, llm.base_url, FAULTS[0]![0])
  await save(page)
  await page.keyboard.press('ControlOrMeta+.')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(panel.getByRole('button', { name: 'Stop' })).toBeVisible()

  for (const [model, told] of FAULTS) {
    await useOpenAiServer(page, llm.base_url, model)
    await save(page)
    await panel.getByRole('textbox', { name: 'What the caller says' }).fill(`Hello, ${model}`)
    await page.keyboard.press('Enter')
    await expect(panel.getByRole('status').filter({ hasText: told }).last()).toBeVisible()
    await expect(panel.getByRole('region', { name: 'Output of the turn' })).toContainText(told)
  }

  await useOpenAiServer(page, llm.base_url, 'test-model')
  await save(page)
  await panel.getByRole('textbox', { name: 'What the caller says' }).fill('And now?')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('region', { name: 'Transcript' })).toContainText('You said: And now?')
  await panel.getByRole('button', { name: 'Stop' }).click()
})

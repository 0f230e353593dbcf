import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startOpenAiServer, type OpenAiTestServer } from '../agent-runtime/providers/testing/openai-server.ts'
import { recordCaller } from './speech.ts'
import { expect, test } from './studio.ts'
import {
  addIntegerField,
  callPanel,
  createFromSample,
  exportTo,
  importFrom,
  rename,
  replaceLastLine,
  save,
  setGreeting,
  typeInPrompt,
  useOpenAiServer,
} from './workspace.ts'

/** Long enough that the caller can break in while it is being said. */
const LONG_RULE = 'Let me tell you about the hospital where I was born. '.repeat(12).trim()

const AGENT = 'Visa officer'

let llm: OpenAiTestServer
test.beforeAll(async () => {
  llm = await startOpenAiServer({ tokens_per_second: 120 })
})
test.afterAll(() => llm.close())

test('from sample to call to bundle: the main job', async ({ openStudio, dataDir }) => {
  test.skip(!process.env.GREENROOM_TEST_MODELS, 'needs speech weights in GREENROOM_TEST_MODELS')
  test.setTimeout(240_000)
  const wav = recordCaller(
    [
      { text: 'I worked three years as a nurse in Lahore.', pause_s: 14 },
      { text: 'Excuse me, may I say something about that?', pause_s: 60 },
    ],
    6,
  )!
  const studio = await openStudio({ wav })
  const { page } = studio
  const panel = callPanel(page)

  await test.step('a new agent from a sample, its prompt and fields changed', async () => {
    await createFromSample(page, 'PTE interview')
    await rename(page, AGENT)
    await setGreeting(page, 'Hello there.')
    await typeInPrompt(page, `\n\nRULE: ${LONG_RULE}`)
    await addIntegerField(page, {
      name: 'nervousness',
      least: 3,
      most: 7,
      description: 'How nervous the applicant sounds, 3 calm to 7 very.',
    })
    await useOpenAiServer(page, llm.base_url, 'test-model')
    await save(page)
  })

  await test.step('the caller is heard, and JSON streams while the answer is spoken', async () => {
    await page.evaluate(() => {
      const seen = new Set<string>()
      Object.assign(window, { __outputs: seen })
      setInterval(() => seen.add(document.querySelector('section[aria-label="Output of the turn"]')?.textContent ?? ''), 15)
    })
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(panel.getByRole('region', { name: 'Transcript' })).toContainText(/three years as a nurse/i, { timeout: 60_000 })
    const output = panel.getByRole('region', { name: 'Output of the turn' })
    await expect(output.getByRole('table', { name: 'Fields of the turn' })).toContainText('nervousness', { timeout: 30_000 })
    const level = panel.getByRole('meter', { name: 'Agent voice level' })
    await expect.poll(async () => Number(await level.getAttribute('aria-valuenow')), { timeout: 30_000 }).toBeGreaterThan(20)
    const steps = await page.evaluate(() => (window as unknown as { __outputs: Set<string> }).__outputs.size)
    expect(steps).toBeGreaterThan(3)
  })

  await test.step('the caller breaks in: what was said is cut, and the next turn is heard', async () => {
    const transcript = panel.getByRole('region', { name: 'Transcript' })
    await expect(transcript).toContainText(/say something/i, { timeout: 60_000 })
    await expect(transcript.getByText(/cut at/).last()).toBeVisible()
  })

  await test.step('a changed prompt answers the next turn, and the inspector says which revision did', async () => {
    await replaceLastLine(page, 'RULE: The second rule holds now.')
    const revision = await save(page)
    await panel.getByRole('textbox', { name: 'What the caller says' }).fill('Which rule is it?')
    await page.keyboard.press('Enter')
    await expect(panel.getByRole('region', { name: 'Transcript' })).toContainText(
      /The second rule holds now\. You said: Which rule is it\?/,
      { timeout: 40_000 },
    )
    await expect(panel.getByRole('region', { name: 'Output of the turn' })).toContainText(`rev ${revision}`)
  })

  await test.step('the call is kept', async () => {
    await panel.getByRole('button', { name: 'Stop' }).click()
    await expect(panel.getByRole('button', { name: 'Start' })).toBeVisible()
    await page.getByRole('link', { name: 'Calls' }).click()
    await page
      .getByRole('button', { name: new RegExp(AGENT) })
      .first()
      .click()
    await expect(page.getByRole('main')).toContainText('The second rule holds now.')
  })

  const bundle = join(dataDir, 'taken.greenroom')
  await test.step('exported, and imported into an empty studio, it is the same agent', async () => {
    await page.getByRole('link', { name: 'Agents' }).first().click()
    await exportTo(studio, AGENT, bundle)
    const other = await openStudio({ dataDir: join(dataDir, 'other studio') })
    await importFrom(other, bundle)
    const again = join(dataDir, 'again.greenroom')
    await exportTo(other, AGENT, again)
    expect(readFileSync(again).equals(readFileSync(bundle))).toBe(true)
  })
})

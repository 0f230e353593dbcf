import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from './studio.ts'
import { callPanel, createFromSample, openTab } from './workspace.ts'

/** A shop that knows one order and is slow to find another. */
const SLOW_MS = 2500
let shop: Server
let asked: string[]
test.beforeAll(async () => {
  asked = []
  shop = createServer((request, response) => {
    const order = request.url?.split('/').at(-1) ?? ''
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
    const answer = () => {
      if (order === '404') return response.writeHead(404).end('no such order')
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(JSON.stringify({ order, status: 'shipped' }))
    }
    setTimeout(answer, order === '4712' ? SLOW_MS : 0)
  })
  shop.listen(0, '127.0.0.1')
  await once(shop, 'listening')
})
test.afterAll(() => {
  shop.closeAllConnections()
  shop.close()
})

test('a tool is made, tried and called in a rehearsed call, and its run is seen', async ({ openStudio }) => {
  const { page } = await openStudio({ models: null })
  const address = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/orders/`
  const tools = page.getByRole('tabpanel', { name: /^Tools/ }).first()
  const panel = callPanel(page)

  await test.step('made from an example, with a key by reference', async () => {
    await createFromSample(page, 'PTE interview')
    await openTab(page, /^Tools/)
    await tools.getByRole('button', { name: 'Add: Look up an order' }).click()
    await tools.getByRole('textbox', { name: 'URL' }).fill(`${address}{{ arg`)
    await page.getByRole('option', { name: /^arguments\.order_id/ }).waitFor()
    await page.keyboard.press('Enter')
    await expect(tools.getByRole('textbox', { name: 'URL' })).toHaveValue(`${address}{{ arguments.order_id }}`)
    await tools.getByRole('button', { name: 'Add a secret' }).click()
    await tools.getByRole('button', { name: 'Paste a key…' }).click()
    await tools.getByLabel(/^Key, kept as/).fill('a key of the shop')
    await tools.getByRole('button', { name: 'Store' }).click()
    await expect(tools.getByText('key found')).toBeVisible()
    await tools.getByRole('button', { name: 'Add a header' }).click()
    await expect(tools.getByRole('region', { name: 'The request as it would be sent' })).toContainText(
      'Authorization: Bearer ***',
    )
  })

  await test.step('tried for real: the key goes out, and what came back is shown', async () => {
    await tools.getByRole('textbox', { name: 'Example arguments' }).fill('{"order_id": "4711"')
    await expect(tools.getByText(/^Line 1, column 20/)).toBeVisible()
    await tools.getByRole('textbox', { name: 'Example arguments' }).fill('{"order_id": "4711"}')
    await tools.getByRole('button', { name: 'Try it' }).click()
    const result = tools.getByRole('group', { name: 'Result' })
    await expect(result).toContainText('It works · 200')
    await expect(result).toContainText('shipped')
    expect(asked).toEqual(['GET /orders/4711 Bearer a key of the shop'])
  })

  await test.step('called by the agent, with a sentence while the caller waits', async () => {
    await panel.getByText('Text', { exact: true }).click()
    await panel.getByRole('button', { name: 'Start' }).click()
    const say = panel.getByRole('textbox', { name: 'What the caller says' })
    await say.fill('Where is order 4712?')
    await say.press('Enter')
    const transcript = panel.getByRole('region', { name: 'Transcript' })
    await expect(transcript).toContainText(/look up order 4712 · [\d,]+ ms/, { timeout: 30_000 })
    await expect(transcript).toContainText('One moment, I am looking that up.')
    const runs = panel.getByRole('list', { name: 'Tools of the turn' })
    await runs.getByRole('button', { name: /look_up_order/ }).click()
    await expect(runs).toContainText('shipped')
    await expect(panel.getByRole('list', { name: /^Tools meanwhile/ })).toContainText('look_up_order')
  })

  await test.step('what failed says why, also among the events', async () => {
    const say = panel.getByRole('textbox', { name: 'What the caller says' })
    await say.fill('And order 404?')
    await say.press('Enter')
    const runs = panel.getByRole('list', { name: 'Tools of the turn' })
    await expect(runs).toContainText(/failed · 404/, { timeout: 30_000 })
    await expect(runs).toContainText(/there is no such thing/)
    await panel.getByRole('tab', { name: /^Events/ }).click()
    await panel.getByRole('button', { name: 'tools', exact: true }).click()
    await expect(panel.getByRole('region', { name: 'Events' })).toContainText(/look_up_order: failed after/)
    await panel.getByRole('button', { name: 'Stop' }).click()
  })

  await test.step('the next call asks nobody: tools answer with their mocks', async () => {
    const before = asked.length
    await panel.getByRole('button', { name: 'New call' }).click()
    await panel.getByRole('switch', { name: 'Tools answer with their mocks' }).click()
    await panel.getByRole('button', { name: 'Start' }).click()
    const say = panel.getByRole('textbox', { name: 'What the caller says' })
    await say.fill('Where is order 4711?')
    await say.press('Enter')
    await expect(panel.getByRole('region', { name: 'Transcript' })).toContainText(/look up order 4711 · mock/, {
      timeout: 30_000,
    })
    expect(asked).toHaveLength(before)
  })

  await test.step('removed, and back by undo', async () => {
    await page.getByRole('tab', { name: 'look_up_order' }).press('Delete')
    await expect(page.getByRole('heading', { name: 'This agent only talks' })).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('tab', { name: 'look_up_order' })).toBeVisible()
  })
})

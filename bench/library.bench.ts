import { launchBrowser, timeUntil } from './page-timer.ts'
import { openStudioPage } from './studio-page.ts'
import type { Measure } from './measure.ts'

const ROW = 'button[aria-current], [class*="library"] button'
const CREATING_AT_ONCE = 8

/** P9: from opening the page to the first rows of the library, with 5,000 agents and with 100. */
export const libraryOpens: Measure = {
  id: 'P9',
  name: 'library of 5,000 agents opens',
  peer: 'library of 100 agents',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.2 },
  prepare: async () => {
    const browser = await launchBrowser()
    const [many, few] = await Promise.all([studioWith(5000), studioWith(100)])
    return {
      ours: () => timeUntil(many.context, many.origin, ROW),
      peer: () => timeUntil(few.context, few.origin, ROW),
      close: async () => {
        await browser.close()
        await Promise.all([many.close(), few.close()])
      },
    }

    function studioWith(agents: number) {
      return openStudioPage(browser, {
        prepare: async ({ call }) => {
          for (let made = 0; made < agents; made += CREATING_AT_ONCE) {
            const names = Array.from({ length: Math.min(CREATING_AT_ONCE, agents - made) }, (_, index) => `Agent ${made + index}`)
            await Promise.all(names.map((name) => call('agent.create', { source: { kind: 'blank' }, name })))
          }
        },
      })
    }
  },
}

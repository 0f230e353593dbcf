import type { Measure } from '../measure.ts'
import { importAgents, missing, newTenant, openStore, type StoreKind } from './opened-store.ts'

const MANY = 100_000
const FEW = 1_000
const PAGE = { deleted: false, limit: 100 } as const
const IMPORTED = 10_000

/** A tenant of 100,000 agents beside one of 1,000 in the same store: the first page, and a page in the middle, cost the same. */
export const listOfMany = (kind: StoreKind): Measure => ({
  id: 'S1',
  name: `two pages of 100 of ${MANY.toLocaleString('en')} agents in ${kind}`,
  peer: `of ${FEW.toLocaleString('en')}`,
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.5 },
  skip: () => missing(kind),
  prepare: async () => {
    const { stores, close } = await openStore(kind)
    const [many, few] = [newTenant(), newTenant()]
    await importAgents(stores, few, 0, FEW)
    await importAgents(stores, many, 0, MANY)
    const { list } = stores.store.agents
    const pages = async (scope: typeof many) => {
      const from = performance.now()
      const first = await list(scope, PAGE)
      await list(scope, { ...PAGE, cursor: first.next_cursor })
      return performance.now() - from
    }
    return { ours: () => pages(many), peer: () => pages(few), close }
  },
})

/** The last thousand of an import of 10,000 beside the first thousand of another one: an import takes as long as it is large. */
export const importOfMany = (kind: StoreKind): Measure => ({
  id: 'S2',
  name: `1,000 agents more in a tenant of ${IMPORTED.toLocaleString('en')}, ${kind}`,
  peer: 'the first 1,000 of a new tenant',
  unit: 'ms',
  samples: 5,
  goal: { kind: 'ratio', most: 1.5 },
  skip: () => missing(kind),
  prepare: async () => {
    const { stores, close } = await openStore(kind)
    const large = newTenant()
    const from = performance.now()
    await importAgents(stores, large, 0, IMPORTED)
    process.stderr.write(
      `S2 ${IMPORTED} agents were imported into ${kind} in ${((performance.now() - from) / 1000).toFixed(1)} s\n`,
    )
    let there = IMPORTED
    const timed = async (work: () => Promise<void>) => {
      const begun = performance.now()
      await work()
      return performance.now() - begun
    }
    return {
      ours: () => timed(() => importAgents(stores, large, there, FEW).then(() => void (there += FEW))),
      peer: () => timed(() => importAgents(stores, newTenant(), 0, FEW)),
      close,
    }
  },
})

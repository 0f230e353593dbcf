import { afterAll, beforeAll, describe } from 'vitest'
import type { Stores } from '../../../core/store/stores.ts'
import { agentsContract } from './agents-contract.ts'
import { agentListsContract } from './agent-lists-contract.ts'
import { callsContract } from './calls-contract.ts'
import { commandsContract } from './commands-contract.ts'
import { commitContract } from './commit-contract.ts'
import { configurationContract } from './configuration-contract.ts'
import { deliveriesContract } from './deliveries-contract.ts'
import { directoryContract } from './directory-contract.ts'
import { exactContract } from './exact-contract.ts'
import { feedContract } from './feed-contract.ts'
import { importContract } from './import-contract.ts'
import { isolationContract } from './isolation-contract.ts'
import { journalContract } from './journal-contract.ts'
import { limitsContract } from './limits-contract.ts'
import { removalContract } from './removal-contract.ts'
import { releasesContract } from './releases-contract.ts'
import { versionsContract } from './versions-contract.ts'

/** `another`: a second instance on the same data, with connections of its own; the first one stands for it where there can be one only. */
export type OpenedStore = Readonly<{ stores: Stores; another?: () => Promise<Stores>; close: () => Promise<void> }>

/** The store under test, once it is open; `second` is another instance of it where it has one. */
export type UnderTest = Readonly<{ stores: () => Stores; second: () => Stores }>

/**
 * What every store keeps to. One store for all of it, opened once: each test works in tenants of its own, and looks for its own rows in
 * answers of every tenant.
 */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    const opened: { first?: OpenedStore; second?: Stores } = {}
    beforeAll(async () => {
      opened.first = await open()
      const second = await opened.first.another?.()
      if (second) opened.second = second
    })
    afterAll(async () => {
      await opened.second?.close()
      await opened.first?.close()
    })
    const stores = () => {
      if (!opened.first) throw new Error('the store is not open')
      return opened.first.stores
    }
    const under: UnderTest = { stores, second: () => opened.second ?? stores() }

    describe('agents', () => agentsContract(under))
    describe('lists of agents', () => agentListsContract(under))
    describe('versions and what is served', () => versionsContract(under))
    describe('import', () => importContract(under))
    describe('commit and audit', () => commitContract(under))
    describe('exact over instances', () => exactContract(under))
    describe('feed', () => feedContract(under))
    describe('configuration', () => configurationContract(under))
    describe('directory', () => directoryContract(under))
    describe('releases', () => releasesContract(under))
    describe('calls', () => callsContract(under))
    describe('journal', () => journalContract(under))
    describe('deliveries', () => deliveriesContract(under))
    describe('limits', () => limitsContract(under))
    describe('what goes for ever', () => removalContract(under))
    describe('commands', () => commandsContract(under))
    describe('tenants', () => isolationContract(under))
  })
}

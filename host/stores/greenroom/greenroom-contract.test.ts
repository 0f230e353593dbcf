import { TenantId } from '../../../core/contract/ids.ts'
import { pino } from 'pino'
import { serveTestApi, testEnter } from '../../http/api/testing/serve-test-api.ts'
import { describeStore } from '../testing/describe-store.ts'
import { openGreenroomStores } from './open-greenroom-stores.ts'

const log = pino({ level: 'silent' })

// The real API of a real host on SQLite. Keys and the tenants that operators may enter have tests of their own.
describeStore('another Greenroom', async () => {
  const api = await serveTestApi({
    enter: async (headers, address) => {
      const entry = await testEnter(headers, address)
      const tenant = headers['x-greenroom-tenant']
      if (typeof tenant !== 'string') return entry
      return { ...entry, caller: { ...entry.caller, tenant_id: TenantId.parse(tenant) } }
    },
    closing_ms: 100,
  })
  const open = () => openGreenroomStores(api.origin, { api_key: 'operator', clock: Date.now, log })
  const stores = await open()
  return {
    stores,
    another: open,
    close: async () => {
      await stores.close()
      await api.close()
    },
  }
})

import ipaddr from 'ipaddr.js'
import { StudioError } from '../../core/contract/errors.ts'
import type { Stores } from '../../core/store/stores.ts'
import { createDoor } from '../access/door.ts'
import { jwtSettings } from '../access/jwt-reader.ts'
import type { Dispatch } from '../dispatch.ts'
import { startApi, type RunningApi } from '../http/api/start-api.ts'
import type { Readiness } from '../http/health-server.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Base } from './base.ts'
import { readOpenMetrics } from './server-mode.ts'

export type ApiWiring = Readonly<{
  stores: Pick<Stores, 'limits'>
  dispatch: Dispatch
  readiness: () => Promise<Readiness>
  metrics: Metrics
  version: string
}>

/** `insecure`: whoever asks from this machine may do everything. */
export type ApiListen = Readonly<{ host: string; ports: readonly number[]; insecure: boolean }>

/** Opens the door of the production API, and the ports behind which it is. */
export function wireApi(
  { store, log, clock }: Base,
  { stores, dispatch, readiness, metrics, version }: ApiWiring,
): (listen: ApiListen) => Promise<RunningApi> {
  const onFailure = (cause: unknown) => log.warn({ err: cause }, 'the store does not answer those who come in')
  return async ({ host, ports, insecure }) => {
    const door = createDoor({
      ...{ directory: store.directory, feed: store.feed, limits: stores.limits, clock, insecure, onFailure },
      jwt: jwtSettings(process.env),
      onUse: ({ tenant_id, user_id, key_id }) => {
        store.commit({ tenant_id, user_id }, [{ kind: 'key.used', key_id, at: clock() }], null).catch(onFailure)
      },
    })
    const api = await startApi({
      ...{ listen: { host, ports }, dispatch, enter: door.enter, readiness, metrics, log, version },
      origins: originsOf(process.env['GREENROOM_ORIGINS']),
      open_metrics: readOpenMetrics(process.env),
      trusted_proxies: readProxies(process.env['GREENROOM_TRUSTED_PROXIES']),
    })
    return {
      addresses: api.addresses,
      close: async () => {
        await api.close()
        door.close()
      },
    }
  }
}

const readProxies = (text = ''): string[] =>
  text.split(',').flatMap((one) => {
    const proxy = one.trim()
    if (proxy === '' || ipaddr.isValid(proxy) || ipaddr.isValidCIDR(proxy)) return proxy || []
    throw new StudioError(
      'malformed',
      `GREENROOM_TRUSTED_PROXIES has "${proxy}", which is no address.`,
      'Give addresses or networks with commas between them, such as 10.0.0.0/8.',
    )
  })

const originsOf = (text = ''): string[] => text.split(',').flatMap((origin) => origin.trim() || [])

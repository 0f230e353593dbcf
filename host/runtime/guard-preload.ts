import { endWithHost } from './end-with-host.ts'
import { guardNetwork } from './network-guard.ts'

/* Loaded before the entry of every child process, so that nothing can open a connection first, or outlive the host while it loads. */
guardNetwork(process.env['GREENROOM_OFFLINE'] === '1')
const host = process.env['GREENROOM_HOST']
// What this process starts itself inherits the preload, and has this process for a parent.
delete process.env['GREENROOM_HOST']
// Only where it is wanted: whoever may reach everywhere does not wait for it to load.
if (process.env['GREENROOM_REACH'] === 'public') {
  const [{ guardAddresses }, { addressRuleHere }] = await Promise.all([
    import('./address-guard.ts'),
    import('../fetching/address-rule.ts'),
  ])
  guardAddresses(addressRuleHere(process.env))
}
endWithHost(Number(host ?? process.ppid))

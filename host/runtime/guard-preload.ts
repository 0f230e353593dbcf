import { endWithHost } from './end-with-host.ts'
import { guardNetwork } from './network-guard.ts'

/* Loaded before the entry of every child process, so that nothing can open a connection first, or outlive the host while it loads. */
guardNetwork(process.env['GREENROOM_OFFLINE'] === '1')
// Only where it is wanted: whoever may reach everywhere does not wait for it to load.
if (process.env['GREENROOM_REACH'] === 'public') {
  const [{ guardAddresses }, { addressRuleHere }] = await Promise.all([
    import('./address-guard.ts'),
    import('../fetching/address-rule.ts'),
  ])
  guardAddresses(addressRuleHere(process.env))
}

const host = Number(process.env['GREENROOM_HOST'] ?? process.ppid)
// A library's own child (llama.cpp is tried out in one) loads this too, and ends with the process that started it.
delete process.env['GREENROOM_HOST']
endWithHost(host)

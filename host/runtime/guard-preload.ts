import { endWithHost } from './end-with-host.ts'
import { guardNetwork } from './network-guard.ts'

/* Loaded before the entry of every child process, so that nothing can open a connection first, or outlive the host while it loads. */
guardNetwork(process.env['GREENROOM_OFFLINE'] === '1')
endWithHost(Number(process.env['GREENROOM_HOST'] ?? process.ppid))

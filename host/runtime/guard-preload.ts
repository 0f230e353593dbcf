import { guardNetwork } from './network-guard.ts'

/* Loaded before the entry of every child process, so that nothing can open a connection first. */
guardNetwork(process.env['GREENROOM_OFFLINE'] === '1')

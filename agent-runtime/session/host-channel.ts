import type { Socket } from 'node:net'
import type { FromRuntime } from '../../core/contract/runtime.ts'

/** The IPC channel to the host. `onMessage` gets what was sent as it came (not yet parsed) and the socket that came with it. */
export type HostChannel = Readonly<{
  send: (message: FromRuntime) => void
  onMessage: (listener: (message: unknown, socket: Socket | undefined) => void) => void
  /** The host is gone, however it went. */
  onClose: (listener: () => void) => void
}>

export function hostChannel(): HostChannel {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => {})
    },
    onMessage: (listener) => {
      process.on('message', (message, handle) => listener(message, isSocket(handle) ? handle : undefined))
    },
    onClose: (listener) => {
      process.once('disconnect', listener)
    },
  }
}

const isSocket = (handle: unknown): handle is Socket => typeof handle === 'object' && handle !== null && 'setNoDelay' in handle

import { EventEmitter } from 'node:events'
import type { Room } from '@livekit/rtc-node'

/**
 * rtc-node (0.13.35) takes a room that leaves by itself from those that hear every event of the process, but not one that its server has
 * closed: each of those costs every later call as much as a room of its own.
 */
export function letGoOf(room: Room): void {
  const client: unknown = Reflect.get(globalThis, '_ffiClientInstance')
  const listener: unknown = Reflect.get(room, 'onFfiEvent')
  if (client instanceof EventEmitter && isListener(listener)) client.off('ffi_event', listener)
}

const isListener = (value: unknown): value is () => void => typeof value === 'function'

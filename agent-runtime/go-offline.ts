import { channel } from 'node:diagnostics_channel'

/** Tells the guard that the host has preloaded in front of this process's connections. */
export const goOffline = (on: boolean): void => channel('greenroom.offline').publish({ on })

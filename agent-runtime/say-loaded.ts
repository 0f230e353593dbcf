import { channel } from 'node:diagnostics_channel'

/** Tells what the host has preloaded that from now on this process notices the end of its host by itself. */
export const sayLoaded = (): void => channel('greenroom.loaded').publish(undefined)

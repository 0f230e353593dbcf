import { drawnNumber } from './drawn-number.ts'

type Rollout = Readonly<{ release_id: string; share: number }>

/**
 * Whether this caller gets the new version. Every caller draws a number of its own for each release, so that a share that grows only adds
 * callers, one that shrinks only takes some away, and the same ones are not the first to try every release.
 */
export const isInShare = ({ release_id, share }: Rollout, caller: string): boolean =>
  drawnNumber(`release\0${release_id}\0${caller}`) < share

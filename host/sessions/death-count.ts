/** So many deaths within this time, and no answer to the caller in between, are no accident. */
export const DEATHS = 3
const DEATHS_WITHIN_MS = 60_000

/** How often the processes of one call have died of late. */
export type DeathCount = Readonly<{
  /** Whether that was once too often. `at`: ms of a clock that only goes on. */
  died: (at: number) => boolean
  /** A call that gets on is not given up, however often its process is killed. */
  gotOn: () => void
}>

export function createDeathCount(): DeathCount {
  let deaths: number[] = []
  return {
    died(at) {
      deaths = [...deaths.filter((one) => at - one < DEATHS_WITHIN_MS), at]
      return deaths.length >= DEATHS
    },
    gotOn: () => void (deaths = []),
  }
}

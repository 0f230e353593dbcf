import { drawnNumber } from './drawn-number.ts'

type Arm = Readonly<{ agent_id: string; weight: number }>

/**
 * Weighted rendezvous hashing: every arm draws a number of its own for the caller, and the best one has them. The same caller gets the
 * same arm for ever, and an arm whose weight changes takes callers from the others, or gives its own away, without moving anybody else.
 */
export function chooseArm<One extends Arm>(arms: readonly One[], experiment: string, caller: string): One | undefined {
  let best: Readonly<{ arm: One; score: number }> | undefined
  for (const arm of arms) {
    if (arm.weight <= 0) continue
    const score = -arm.weight / Math.log(drawnNumber(`${experiment}\0${arm.agent_id.toLowerCase()}\0${caller}`))
    if (!best || score > best.score) best = { arm, score }
  }
  return best?.arm
}

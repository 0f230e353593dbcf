import { audibleAt, pageNow } from './page-clock.ts'

/** When a sample of this context is audible, page clock, ms. */
export function audibleIn(context: AudioContext, sampleTime: number): number {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp()
  const running = contextTime > 0 && performanceTime > 0
  return audibleAt({
    sampleTime,
    currentTime: context.currentTime,
    now: pageNow(),
    output: running ? { contextTime, at: performance.timeOrigin + performanceTime } : undefined,
    outputLatency: context.outputLatency || context.baseLatency,
  })
}

/** From the worklet that listens to the agent. `sample_time`: seconds on the context's clock. */
export type FromHeard = Readonly<{ type: 'heard'; sample_time: number } | { type: 'level'; level: number }>

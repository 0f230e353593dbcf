export type CallerOrder = Readonly<{ id: number }> &
  (
    | Readonly<{ do: 'voice'; pcm: string }>
    | Readonly<{ do: 'join'; who: string; url: string; token: string }>
    /** Resolves when the agent's sound can be heard and it says that it is in this state. */
    | Readonly<{ do: 'agent'; who: string; state: string }>
    /** Of what comes from now on. */
    | Readonly<{ do: 'first-audio'; who: string }>
    /** Says the sentence; the answer is how long it took from its end to the first audible sample. */
    | Readonly<{ do: 'ask'; who: string }>
    | Readonly<{ do: 'leave'; who: string }>
  )

/** Moments are on the clock of all processes of this machine: performance.timeOrigin + performance.now(). */
export type CallerReport = Readonly<{ id: number; value: number; error?: string }>

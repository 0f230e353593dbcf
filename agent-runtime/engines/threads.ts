import { availableParallelism } from 'node:os'

/**
 * Threads of one inference. The threads of one run wait for each other busily: on two busy cores a second thread doubles the CPU and
 * makes a transcription three to eight times slower (0.1 s with one thread, 0.4-1 s with two); it helps only where cores are idle.
 */
export const inferenceThreads = (): number => (availableParallelism() >= 8 ? 2 : 1)

/** Threads of a local LLM: it works while nothing else of the call does, but for the voice; its speed grows with them up to about eight. */
export const generationThreads = (): number => Math.max(1, Math.min(8, Math.floor(availableParallelism() / 2)))

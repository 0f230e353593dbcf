import { availableParallelism } from 'node:os'

/**
 * Threads of one inference. The threads of one run wait for each other busily: on two busy cores a second thread doubles the CPU and
 * makes a transcription three to eight times slower (0.1 s with one thread, 0.4-1 s with two); it helps only where cores are idle.
 */
export const inferenceThreads = (): number => (availableParallelism() >= 8 ? 2 : 1)

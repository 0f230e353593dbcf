import { isMainThread } from 'node:worker_threads'

/** The process that all test files of a run descend from, after which nothing of it may be left; a bench is a run of its own. */
export const testRun = (): number => (isMainThread && process.env['VITEST'] !== undefined ? process.ppid : process.pid)

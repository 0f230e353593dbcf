import { readFileSync } from 'node:fs'

/** Of processes together: MB, with what they share divided among them (PSS), and ms of CPU so far. Only where the system tells (Linux). */
export type Cost = Readonly<{ memory_mb: number; cpu_ms: number }>

/** The kernel counts in hundredths of a second on every machine that Node runs on. */
const TICK_MS = 10

export function costOf(pids: readonly number[]): Cost {
  const memory_mb = pids.reduce((sum, pid) => sum + pssOf(pid), 0)
  return { memory_mb, cpu_ms: pids.reduce((sum, pid) => sum + cpuOf(pid), 0) }
}

const pssOf = (pid: number) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024

function cpuOf(pid: number): number {
  // Behind the name, which may hold anything: state, ppid, …, utime and stime at 11 and 12.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

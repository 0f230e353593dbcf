import { execFileSync } from 'node:child_process'

type Process = Readonly<{ pid: number; ppid: number; state: string }>

function processes(): Process[] {
  return execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, ppid, state]) => ({ pid: Number(pid), ppid: Number(ppid), state: state ?? '' }))
}

/** Everything that `root` has started, and what that has started. */
export function descendants(root: number): number[] {
  const all = processes()
  const below = (pid: number): number[] =>
    all.filter((process) => process.ppid === pid).flatMap((process) => [process.pid, ...below(process.pid)])
  return below(root)
}

/** Which of `pids` still run (a zombie does not). */
export function alive(pids: readonly number[]): number[] {
  return processes()
    .filter((process) => pids.includes(process.pid) && !process.state.startsWith('Z'))
    .map((process) => process.pid)
}

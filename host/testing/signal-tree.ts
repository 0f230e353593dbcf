import { execFileSync } from 'node:child_process'

/** Sends a signal to a process and to everything that it has started: SIGSTOP and SIGCONT are a machine that sleeps for a while. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const parents = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const tree = [pid]
  for (const of of tree) for (const [child, parent] of parents) if (parent === of && child !== undefined) tree.push(child)
  for (const one of tree) process.kill(one, signal)
}

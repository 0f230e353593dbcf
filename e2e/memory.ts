import { readFileSync } from 'node:fs'

/** MB of one process: what it shares with others is divided among them (PSS), and what is its own alone. */
export type ProcessMemory = Readonly<{ name: string; pid: number; pss_mb: number; private_mb: number }>

type Named = Readonly<{ kind: string; pid: number }>

/** Of the host and what it has started; nothing where the system does not tell (only Linux does). */
export function memoryOf(host: number, processes: readonly Named[]): ProcessMemory[] {
  if (process.platform !== 'linux') return []
  return [{ kind: 'host', pid: host }, ...processes].map(({ kind, pid }) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const part = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024
    return { name: kind, pid, pss_mb: part('Pss'), private_mb: part('Private_Clean') + part('Private_Dirty') }
  })
}

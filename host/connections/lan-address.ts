import { networkInterfaces } from 'node:os'

/** This machine's IPv4 address in its own network, as another device would reach it; undefined when it is in none. */
export function lanAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const outward = all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address)
  return outward.find((address) => !address.startsWith('169.254.')) ?? outward[0]
}

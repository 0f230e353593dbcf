import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { StudioError } from '../../../core/contract/errors.ts'
import { childEnvironment } from '../../runtime/child-environment.ts'
import { lanAddress } from '../lan-address.ts'

/** Keys and ports of the local server: the same over its restarts, so that calls through it go on; new with each host. */
export type ServerConfig = Readonly<{
  api_key: string
  api_secret: string
  port: number
  udp_port: number
  /** Media over TCP as well, for networks without UDP; 0: not at all. */
  tcp_port: number
  /** Where media are offered. */
  node_ip: string
}>

const LOOPBACK = '127.0.0.1'

/** `lan`: media ports listen on this machine's address in its network too. Throws `unavailable` when it is in none. */
export async function createServerConfig(lan: boolean): Promise<ServerConfig> {
  const node_ip = lan ? lanAddress() : LOOPBACK
  if (node_ip === undefined) {
    throw new StudioError(
      'unavailable',
      'This machine is in no local network.',
      'Connect it to one, or start the server for this machine alone.',
    )
  }
  return {
    api_key: `local${randomBytes(6).toString('hex')}`,
    api_secret: randomBytes(32).toString('base64url'),
    port: await freeTcpPort(LOOPBACK),
    udp_port: await freeUdpPort(node_ip),
    // It would listen on every address: on this machine alone UDP does.
    tcp_port: lan ? await freeTcpPort(node_ip) : 0,
    node_ip,
  }
}

/** Everything by the environment: no file, and no arguments that others can read. The signalling stays on loopback in any case. */
export function serverEnvironment(config: ServerConfig): Record<string, string> {
  const { api_key, api_secret, port, udp_port, tcp_port, node_ip } = config
  const body = {
    port,
    bind_addresses: [LOOPBACK],
    rtc: {
      tcp_port,
      udp_port,
      use_external_ip: false,
      node_ip,
      enable_loopback_candidate: node_ip === LOOPBACK,
      ips: { includes: [`${node_ip}/32`] },
    },
    logging: { level: 'info' },
  }
  const inherited = Object.entries(childEnvironment(process.env, false)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return {
    ...Object.fromEntries(inherited),
    LIVEKIT_KEYS: `${api_key}: ${api_secret}`,
    LIVEKIT_CONFIG: JSON.stringify(body),
  }
}

async function freeTcpPort(host: string): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

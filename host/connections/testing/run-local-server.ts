import { tmpdir } from 'node:os'
import { pino } from 'pino'
import { createLocalServer } from '../local/local-server.ts'

/* As a host would: starts the server, tells its process, and goes on. Killed by its test. */
const server = createLocalServer({
  folder: tmpdir(),
  log: pino({ level: 'silent' }),
  offline: () => false,
  onChange: () => undefined,
  releases: {},
})
await server.ensure()
process.send?.((await server.state()).pid)

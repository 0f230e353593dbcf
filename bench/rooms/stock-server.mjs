/** A stock AgentServer in a process of its own. Arguments: the name it answers to, idle processes. Says "ready", and when a job is offered. */
import { fileURLToPath } from 'node:url'
import { AgentServer, InferenceRunner, ServerOptions, initializeLogger } from '@livekit/agents'

const [, , agentName, idle] = process.argv
initializeLogger({ pretty: false, level: 'warn' })
// A turn detector that the agent does not use would start a process with its model.
Object.defineProperty(InferenceRunner, 'registeredRunners', { value: new Proxy({}, { set: () => true }), configurable: true })

const server = new AgentServer(
  new ServerOptions({
    agent: fileURLToPath(new URL('./stock-agent.mjs', import.meta.url)),
    agentName,
    wsURL: process.env.BENCH_URL,
    apiKey: process.env.BENCH_KEY,
    apiSecret: process.env.BENCH_SECRET,
    numIdleProcesses: Number(idle),
    initializeProcessTimeout: 60_000,
    production: false,
    // On a busy machine it would say that it is full, and the server would never offer it a job.
    loadFunc: async () => 0,
    host: '127.0.0.1',
    port: 0,
    logLevel: 'warn',
    requestFunc: async (job) => {
      process.send?.({ offered: job.job.room?.name, at: performance.timeOrigin + performance.now() })
      await job.accept()
    },
  }),
)
server.event.on('worker_registered', () => process.send?.('ready'))
process.on('disconnect', () => process.exit(0))
await server.run()

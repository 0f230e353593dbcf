/** An engine that says that it listens and does no more; "broken" as models folder makes it fail. */
import { ToEngine, type FromEngine } from '../../../core/contract/engine.ts'
import { RUNTIME_PROTOCOL } from '../../../core/contract/runtime.ts'

const send = (message: FromEngine) => process.send?.(message)

process.on('message', (raw) => {
  const message = ToEngine.parse(raw)
  if (message.type === 'stop') process.exit(0)
  if (message.type === 'offline') return
  if (message.models_dir === 'broken') {
    send({ type: 'failed', message: 'tokens.txt is missing' })
    process.exit(1)
  }
  send({ type: 'listening' })
})
process.on('disconnect', () => process.exit(0))
setInterval(() => send({ type: 'alive', memory_mb: 1 }), 200)
send({ type: 'ready', protocol: RUNTIME_PROTOCOL, pid: process.pid })

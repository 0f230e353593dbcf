import { enableCompileCache } from 'node:module'
import { sayLoaded } from './say-loaded.ts'

// Before anything large is imported: a cached compile takes a third off the start of every session process.
enableCompileCache()

// The client of the LLM plugin prints replies that it cannot read, and with them what people said.
process.env['OPENAI_LOG'] ??= 'off'
// The client of LiveKit rooms tells of each step on standard output otherwise.
process.env['NODE_ENV'] ??= 'production'

// A host that dies while all this is loaded is noticed between two modules, and by the thread that it has preloaded.
const leave = (): never => process.exit(0)
process.once('disconnect', leave)

const { serveSessions } = await import('./session/serve-sessions.ts')
const { hostChannel } = await import('./session/host-channel.ts')
const { withoutSecrets } = await import('./session/without-secrets.ts')

serveSessions(withoutSecrets(hostChannel()))
process.off('disconnect', leave)
sayLoaded()

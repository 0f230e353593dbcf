import { enableCompileCache } from 'node:module'
import { sayLoaded } from './say-loaded.ts'

// Before anything large is imported: a worker that died shall be back at once.
enableCompileCache()

const { serveWorker } = await import('./worker/serve-worker.ts')

serveWorker()
sayLoaded()

import { enableCompileCache } from 'node:module'

// Before anything large is imported: a worker that died shall be back at once.
enableCompileCache()

const { serveWorker } = await import('./worker/serve-worker.ts')

serveWorker()

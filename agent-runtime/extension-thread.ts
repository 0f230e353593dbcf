import { goOffline } from './go-offline.ts'
import { sayLoaded } from './say-loaded.ts'
import { serveExtensions } from './extensions/serve-extensions.ts'

await serveExtensions(goOffline)
sayLoaded()

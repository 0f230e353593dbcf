import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { ROOT } from './run.mjs'

/** The programs that the host starts: out of more than two thousand files, opening which takes longer than running what is in them. */
const ENTRIES = ['session-process', 'extension-thread', 'worker', 'connection-check', 'speech', 'espeak', 'llm']

/** Natives, and what finds files beside itself or is under another licence, stay packages of their own. */
const EXTERNAL = [
  /^(?:@livekit\/local-inference|@livekit\/av|sherpa-onnx-node|espeak-ng|node-llama-cpp|@node-llama-cpp)(?:\/|$)/,
  /\.node$/,
]
/** Imported by the library of agents for pictures and files of sound, which no call has: not loaded before somebody asks for them. */
const SELDOM = /^(?:sharp|fluent-ffmpeg)$/
/** None of their modules is imported for what it does on its own, so that those of which nothing is used can be left out. */
const NOTHING_ON_ITS_OWN =
  /[/\\]node_modules[/\\](?:@livekit[/\\](?:agents|agents-plugin-openai|rtc-node)|livekit-server-sdk|openai)[/\\]/

/** Bundles what runs beside the host into `folder`; whatever runs out of it meanwhile keeps its files until the last moment. */
export async function bundleRuntime(folder = join(ROOT, 'out', 'runtime')) {
  const fresh = `${folder}.new-${process.pid}`
  const bundle = await rolldown({
    input: {
      ...Object.fromEntries(ENTRIES.map((name) => [name, join(ROOT, 'agent-runtime', `${name}.ts`)])),
      'guard-preload': join(ROOT, 'host', 'runtime', 'guard-preload.ts'),
    },
    platform: 'node',
    tsconfig: false,
    external: EXTERNAL,
    treeshake: { moduleSideEffects: (id) => !NOTHING_ON_ITS_OWN.test(id) },
    plugins: [seldomLoaded, nativeRooms, sameLibrary],
    logLevel: 'warn',
  })
  try {
    await bundle.write({ dir: fresh, format: 'esm', keepNames: true, chunkFileNames: 'chunks/[name]-[hash].js' })
  } finally {
    await bundle.close()
  }
  rmSync(folder, { recursive: true, force: true })
  renameSync(fresh, folder)
}

const LAZY = '\0seldom:'
const seldomLoaded = {
  name: 'seldom-loaded',
  resolveId: (id) => (SELDOM.test(id) ? LAZY + id : null),
  load: (id) =>
    id.startsWith(LAZY)
      ? `import { createRequire } from 'node:module'
         let real
         const get = () => (real ??= createRequire(import.meta.resolve('@livekit/agents'))('${id.slice(LAZY.length)}'))
         export default new Proxy(function () {}, {
           apply: (_, self, args) => Reflect.apply(get(), self, args),
           construct: (_, args) => Reflect.construct(get(), args),
           get: (_, key) => get()[key],
         })`
      : null,
}

/** Looks for the library of this platform among its own dependencies. */
const nativeRooms = {
  name: 'native-rooms',
  resolveId: (id, importer) =>
    id === './native.js' && importer?.includes('rtc-ffi-bindings')
      ? { id: '@livekit/rtc-ffi-bindings/native.js', external: true }
      : null,
}

/** What is imported by its URL at run time would be a second copy of the library, which takes half a second to load and knows none of our objects. */
const SINK = /[/\\]agent-runtime[/\\]session[/\\]transcript-sink\.ts$/
const BY_URL = 'import(url.href)'
const sameLibrary = {
  name: 'same-library',
  transform(code, id) {
    if (!SINK.test(id)) return null
    if (!code.includes(BY_URL)) throw new Error(`${id} does not import the synchronizer by "${BY_URL}" any more`)
    const file = join(ROOT, 'node_modules/@livekit/agents/dist/voice/transcription/synchronizer.js')
    return code.replace(BY_URL, `import(${JSON.stringify(file)})`)
  },
}

if (process.argv[1] === import.meta.filename) await bundleRuntime(process.argv[2])

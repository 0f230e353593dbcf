import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ROOT } from './run.mjs'

/** Gathers what the packed studio runs on besides Electron: built host, runtime and page, samples, and only the packages that they import. */
export const STAGED = join(ROOT, 'out', 'package', 'studio')

const BUILT = ['core', 'host', 'runtime']
const PAGE = 'renderer'
/** Licences stay, whatever they are called; folders stay too: packages import from the oddest of their own. */
const NOT_SHIPPED = /\.(?:[cm]?ts|map|tsbuildinfo)$|[/\\](?:readme|changelog|history)\.md$/i
/** llama.cpp's sources (34 MB) and projects to begin from: nothing is built on the user's machine. */
const LLAMA_SOURCES = /[/\\]node-llama-cpp[/\\](?:llama[/\\]gitRelease\.bundle|templates(?:[/\\]|$))/
/** Builds of llama.cpp for other machines; npm takes those for ARM on x64 too. */
const LLAMA_BUILD = /^@node-llama-cpp\/(?:linux|mac|win)-/
const LLAMA_HERE = { linux: 'linux', darwin: 'mac', win32: 'win' }[process.platform] + '-' + process.arch
const isOtherMachines = (name) => LLAMA_BUILD.test(name) && !`${name}-`.startsWith(`@node-llama-cpp/${LLAMA_HERE}-`)

/** Asked for by packages of ours, and used only where they are built. */
const BUILD_ONLY = ['typescript']

/** `page: false`: a server, which has none. */
export function stageRuntime({ to = STAGED, page = true } = {}) {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(to, 'package.json'))
  for (const folder of [...BUILT, ...(page ? [PAGE] : [])]) {
    copy(join(ROOT, 'out', folder), join(to, 'out', folder))
    rmSync(join(to, 'out', folder, 'testing'), { recursive: true, force: true })
  }
  cpSync(join(ROOT, 'resources', 'samples'), join(to, 'resources', 'samples'), { recursive: true })
  // Of what is bundled too: its licences, and what is loaded only when it is asked for.
  for (const folder of packagesOf(importsOf(['core', 'host', 'agent-runtime']))) copy(folder, join(to, relative(ROOT, folder)))
}

function copy(from, to) {
  cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (path) => isShipped(path.slice(from.length)) && !LLAMA_SOURCES.test(path),
  })
}

/** Native parts come prebuilt for every platform; only this one's are taken. */
function isShipped(path) {
  if (NOT_SHIPPED.test(path) || path === `${sep}node_modules`) return false
  const prebuild =
    /[/\\]prebuilds[/\\](linux|darwin|win32|linuxmusl|android|freebsd)[^/\\]*?-?(x64|arm64|ia32|arm|loong64|riscv64|s390x|ppc64)?[/\\.]/.exec(
      `${path}/`,
    )
  return !prebuild || (prebuild[1] === process.platform && (prebuild[2] ?? process.arch) === process.arch)
}

/** Names of all packages that the built JavaScript of these folders imports. */
function importsOf(folders) {
  const names = new Set()
  for (const folder of folders) {
    for (const file of readdirSync(join(ROOT, 'out', folder), { recursive: true })) {
      if (!file.endsWith('.js') || file.split(sep).includes('testing')) continue
      const text = readFileSync(join(ROOT, 'out', folder, file), 'utf8')
      for (const [, specifier] of text.matchAll(/(?:from|import|require|resolve)\s*\(?\s*['"]([^'"./][^'"]*)['"]/g))
        names.add(packageName(specifier))
    }
  }
  return [...names].filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
}

const packageName = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** Folders of these packages and of all that they depend on, as npm has laid them out. */
function packagesOf(names) {
  const folders = new Set()
  const add = (name, from) => {
    const folder = findPackage(name, from)
    if (!folder || folders.has(folder) || BUILD_ONLY.includes(name) || isOtherMachines(name)) return
    folders.add(folder)
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional)
    for (const dependency of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) add(dependency, folder)
  }
  for (const name of names) add(name, ROOT)
  return folders
}

/** Optional packages of other platforms are not there, and not missed. */
function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) return found
    if (folder === ROOT || folder === dirname(folder)) return undefined
  }
}

if (process.argv[1] === import.meta.filename) {
  const [flag, to] = process.argv.slice(2)
  if (flag !== '--server' || !to) throw new Error('node scripts/stage-runtime.mjs --server FOLDER')
  stageRuntime({ to: resolve(to), page: false })
}

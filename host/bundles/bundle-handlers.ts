import { createHash } from 'node:crypto'
import { v7 } from 'uuid'
import type { BundleFiles } from '../../core/bundle/bundle-format.ts'
import { listFiles, withManifest } from '../../core/bundle/manifest.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import { collectExport, refuseProblems } from './export-agent.ts'
import { writeFolder, writeWhole } from './folder.ts'
import { planImport, renamed, type ImportPlan } from './import-plan.ts'
import { createPendingImports } from './pending-imports.ts'
import { readBundle, readPath } from './read-source.ts'
import { writeZip } from './write-zip.ts'

/** How bytes and picked files come in and go out without the page ever naming a path. */
export type BundleFileExchange = Readonly<{
  takeUpload: (upload_id: string) => Promise<Uint8Array>
  /** The path behind a one-use grant of the shell's dialogs. */
  readGrant: (grant: string) => string
  writeGrant: (grant: string) => string
  /** A one-use path on this origin. */
  offerDownload: (file: Readonly<{ file_name: string; bytes: Uint8Array }>) => string
}>

type Deps = Readonly<{
  store: Pick<Store, 'agents' | 'versions' | 'commit'>
  emit: Emit
  files: BundleFileExchange
  /** Of this Greenroom, for the manifest. */
  version: string
  now?: () => number
}>

type BundleHandlers = HandlersOf<'bundle.inspect' | 'bundle.export' | 'bundle.preview' | 'bundle.apply'>

export function bundleHandlers({ store, emit, files, version, now = Date.now }: Deps): BundleHandlers {
  const pending = createPendingImports(now)
  const bundled = (of: BundleFiles, agent_id: string): BundleFiles => withManifest(of, agent_id, `greenroom ${version}`)

  return {
    'bundle.inspect': async ({ agent_id, versions }, { caller }) => {
      const found = await collectExport(store, scopeOf(caller), agent_id, versions)
      return {
        file_name: found.file_name,
        files: listFiles(bundled(found.files, found.agent_id)),
        secret_references: [...found.secret_references],
        problems: found.problems.map(({ path, message }) => `${path} ${message}`),
      }
    },

    'bundle.export': async ({ agent_id, versions, to }, { caller }) => {
      if (to.kind === 'path') refusePathsFromPages(caller)
      const found = await collectExport(store, scopeOf(caller), agent_id, versions)
      refuseProblems(found)
      const bytes = await writeZip(bundled(found.files, found.agent_id))
      const described = { file_name: found.file_name, size: bytes.length, sha256: sha256(bytes) }
      switch (to.kind) {
        case 'download':
          return { ...described, download_path: files.offerDownload({ file_name: found.file_name, bytes }) }
        case 'grant':
          await writeWhole(files.writeGrant(to.grant), bytes)
          return described
        case 'path':
          await (to.form === 'folder' ? writeFolder(to.path, found.files, found.agent_id) : writeWhole(to.path, bytes))
          return described
      }
    },

    'bundle.preview': async ({ from, agent_id }, { caller }) => {
      if (from.kind === 'path') refusePathsFromPages(caller)
      const bundle = renamed(await readFrom(files, from), agent_id)
      const plan = await planAgainstStore(store, scopeOf(caller), bundle)
      return { import_id: pending.add(caller.tenant_id, plan), ...plan.preview }
    },

    'bundle.apply': async ({ import_id }, { caller }) => {
      const plan = pending.get(caller.tenant_id, import_id)
      const { agent_id, preview } = plan
      refuseConflicts(plan)
      if (preview.effect !== 'same') {
        await commitImport(store, scopeOf(caller), plan)
        const agent = await store.agents.findSummary(scopeOf(caller), agent_id)
        if (agent) emit({ type: 'agent.changed', agent, tenant_id: caller.tenant_id })
      }
      pending.remove(import_id)
      return { agent_id, effect: preview.effect }
    },
  }
}

type From = Readonly<{ kind: 'upload'; upload_id: string } | { kind: 'grant'; grant: string } | { kind: 'path'; path: string }>

async function readFrom(files: BundleFileExchange, from: From): ReturnType<typeof readPath> {
  switch (from.kind) {
    case 'upload':
      return readBundle(await files.takeUpload(from.upload_id))
    case 'grant':
      return readPath(files.readGrant(from.grant))
    case 'path':
      return readPath(from.path)
  }
}

async function planAgainstStore(
  store: Deps['store'],
  scope: TenantScope,
  bundle: Awaited<ReturnType<typeof readPath>>,
): Promise<ImportPlan> {
  const agent_id = bundle.content['agent_id']
  const existing = typeof agent_id === 'string' ? await store.agents.find(scope, agent_id) : undefined
  const known = existing ? await store.versions.list(scope, existing.summary.agent_id) : []
  return planImport(bundle, existing, new Map(known.map(({ version, content_hash }) => [version, content_hash])))
}

function refuseConflicts({ agent_id, preview }: ImportPlan): void {
  const clash = preview.versions.find(({ effect }) => effect === 'conflict')
  if (!clash) return
  throw new StudioError(
    'conflict',
    `"${agent_id}" already has another version ${clash.version}`,
    'Published versions never change: import under another id, or export without that version.',
  )
}

async function commitImport(store: Deps['store'], scope: TenantScope, plan: ImportPlan): Promise<void> {
  const { agent_id, content, versions, based_on, restores_deleted, preview } = plan
  const undelete = restores_deleted ? [{ kind: 'agent.undelete', agent_id } as const] : []
  const change = { kind: 'agent.import', id: v7(), agent_id, content, based_on, note: 'imported', versions } as const
  const detail = { effect: preview.effect, versions: versions.map(({ version }) => version) }
  await store.commit(scope, [...undelete, change], { action: 'bundle.apply', subject: agent_id, detail })
}

/** A page must never choose paths on this computer: only the command line, which the same person runs, may. */
function refusePathsFromPages(caller: Caller): void {
  if (caller.via === 'cli' || caller.via === 'test') return
  throw new StudioError(
    'forbidden',
    'Paths are for the command line only',
    'Choose the file in the dialog, or drop it on the window.',
  )
}

const scopeOf = ({ tenant_id, user_id }: Caller): TenantScope => ({ tenant_id, user_id })
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

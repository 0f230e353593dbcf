import { StudioError } from '../../core/contract/errors.ts'
import { agentHandlers } from '../agents/agent-handlers.ts'
import { addMissingSamples, addSamples, purgeDeletedAgents } from '../agents/first-start.ts'
import { samplesFolder } from '../agents/read-samples.ts'
import { bundleHandlers } from '../bundles/bundle-handlers.ts'
import { migrateHandlers } from '../migrating/migrate-handlers.ts'
import type { FileExchange } from '../http/file-exchange.ts'
import type { Base } from './base.ts'

export type LibraryDeps = Readonly<{
  files: FileExchange
  version: string
  /** Absent: the samples that ship; `null`: an empty library stays empty. */
  samples_dir?: string | null | undefined
}>

/** Agents, and the files in which they travel. */
export function wireLibrary(
  { store, emit, log, clock, own, server, secrets, extensions }: Base,
  { files, version, samples_dir: asked }: LibraryDeps,
) {
  const samples_dir = asked ?? samplesFolder()
  return {
    /** Puts the samples into a new library, and takes out for ever what was deleted long ago. */
    begin: async () => {
      await purgeDeletedAgents(store, own, clock())
      if (asked === null) return
      // A damaged installation must not keep somebody from their own agents.
      const add = server ? addMissingSamples : addSamples
      await add(store, own, samples_dir).catch((cause: unknown) => log.error({ err: cause }, 'the samples could not be added'))
    },
    handlers: {
      ...agentHandlers({ store, emit, samples_dir, agentTypes: extensions.agentTypes }),
      ...bundleHandlers({ store, emit, files, version, now: clock }),
      ...migrateHandlers({
        ...{ store, emit, keepSecret: secrets.keep },
        resolveSecret: async (scope, reference) => {
          const found = await secrets
            .of(scope)
            .resolve([reference])
            .catch((cause: unknown) => {
              if (cause instanceof StudioError && cause.code === 'not_found') return undefined
              throw cause
            })
          return found?.[reference]
        },
      }),
    },
  }
}

import * as z from 'zod'
import { DocumentJson } from './agents.ts'
import { AgentId } from './ids.ts'
import { Problem } from './errors.ts'
import { operation } from './operation.ts'

/** Documents in one go; they are one commit. */
export const MOST_MIGRATED = 200

/** What became of a document of another system. `mended`: taken, with changes that are said in words. */
export const Migrated = z.object({
  /** As its source names it. */
  source: z.string(),
  agent_id: AgentId.optional(),
  outcome: z.enum(['taken', 'mended', 'unchanged', 'refused']),
  /** It is a new agent. */
  is_new: z.boolean(),
  mended: z.array(z.string()),
  problems: z.array(Problem),
})
export type Migrated = Readonly<z.infer<typeof Migrated>>

export const migratingOperations = {
  'migrate.run': operation({
    kind: 'command',
    role: 'admin',
    audit: 'agent',
    idempotent: true,
    summary: 'Bring in documents of agents as other systems keep them; keys in plain text go into the secret store',
    input: z.object({
      documents: z
        .array(z.object({ source: z.string().max(500), document: DocumentJson }))
        .min(1)
        .max(MOST_MIGRATED),
      /** Only say what would happen. */
      dry_run: z.boolean().default(false),
    }),
    output: z.object({ report: z.array(Migrated) }),
  }),
} as const

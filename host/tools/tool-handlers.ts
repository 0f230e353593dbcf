import { StudioError, toProblems } from '../../core/contract/errors.ts'
import type { Json } from '../../core/json.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import { HttpTool } from '../../core/tools/tool.ts'
import { toolSecrets } from '../../core/tools/tool-secrets.ts'
import type { HandlersOf } from '../handler.ts'
import { presentSecrets, type SecretsFor } from '../runtime/present-secrets.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { ProcessGroup } from '../runtime/session-pool.ts'

/*
 * Threat model: a trial sends the tool's secrets to the address that the tool names, as a call would, so it takes who may make calls.
 * The process that asks gets the secrets of this tool alone, and strikes them out of what it reports. Neither the arguments nor what came
 * back is audited: both may be a caller's.
 */

export type ToolDeps = Readonly<{
  runtime: Pick<Runtime, 'tryTool'>
  secretsFor: SecretsFor
  /** With whom a tenant may share a process. */
  groupOf: (scope: TenantScope) => Promise<ProcessGroup>
  store: Store
}>

/** What tools are asked outside of calls. */
export const toolHandlers = ({ runtime, secretsFor, groupOf, store }: ToolDeps): HandlersOf<'tool.try'> => ({
  'tool.try': async ({ tool: given, arguments: args, variables }, { caller, signal }) => {
    const tool = readTool(given)
    const secrets = await presentSecrets(secretsFor(caller), toolSecrets([tool]))
    const trial = { tool: given, arguments: args, variables, secrets }
    const tried = await runtime.tryTool(trial, signal, await groupOf(caller))
    const { outcome, status } = tried
    const detail = { outcome, ...(status !== undefined && { status }) }
    await store.commit(caller, [], { action: 'tool.try', subject: tool.name, detail })
    return tried
  },
})

/** Throws `malformed` for a tool that is not right, and for one that only a call can run. */
function readTool(given: Readonly<Record<string, Json>>): HttpTool {
  if (given['type'] !== 'http')
    throw new StudioError(
      'malformed',
      'Only HTTP tools can be tried by themselves.',
      'Start a call, and let the agent use the others.',
    )
  const parsed = HttpTool.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = toProblems(parsed.error)
  const [first] = problems
  throw new StudioError(
    'malformed',
    `The tool is not right yet${first ? `: ${first.path.slice(1)} ${first.message}` : ''}.`,
    'Mend what is marked, then try it.',
    problems,
  )
}

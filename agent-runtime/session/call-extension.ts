import { LOCAL_TENANT } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionSpec } from '../../core/contract/runtime.ts'
import type { CustomEvent } from '../../core/extension/custom-event.ts'
import type { HookName } from '../../core/extension/extension.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { ExtensionFailure } from '../extensions/extension-failure.ts'
import type { Extensions } from '../extensions/extensions.ts'
import type { ThreadCall } from '../extensions/thread-messages.ts'
import type { TurnGiven } from './choices.ts'
import type { ConfigCell, TurnConfig } from './config-cell.ts'
import { mutable } from './mutable.ts'
import type { Report } from './report.ts'
import type { Turn } from './turn.ts'

/** The extension of the agent that answers now, in one call; whatever it does wrong stands in the timeline, and the call goes on. */
export type CallExtension = Readonly<{
  /** The agent enters; what it is given is in use when this resolves. */
  enter: () => Promise<void>
  /** Asked before the LLM is; undefined: nothing is added. */
  before: (turn: Turn) => Promise<TurnGiven | undefined>
  after: (turn: Turn) => void
  event: (event: CustomEvent) => Promise<void>
  tool: (tool: string, given: JsonObject, limit_ms: number) => Promise<Json>
  over: () => void
}>

/** The caller waits for the first two. */
const LIMIT_MS: Readonly<Record<HookName, number>> = { onEnter: 1000, beforeTurn: 500, afterTurn: 30_000, onEvent: 5000 }
const MOST_CONTEXT = 20_000

export type CallExtensionDeps = Readonly<{
  extensions: Extensions | undefined
  spec: Pick<SessionSpec, 'session_id' | 'modality' | 'tenant_id'>
  cell: Pick<ConfigCell, 'current' | 'add'>
  report: Pick<Report, 'journal'>
}>

export function createCallExtension({ extensions, spec, cell, report }: CallExtensionDeps): CallExtension {
  /** What hooks gave for the rest of the call, and the agent for which that holds. */
  let lasting: Readonly<{ agent_id: string; context: string }> = { agent_id: '', context: '' }

  let keeping: Promise<void> = Promise.resolve()

  const callOf = ({ document, agent_id, tools }: TurnConfig, more: JsonObject = {}): ThreadCall => ({
    ...{
      session_id: spec.session_id,
      tenant_id: spec.tenant_id ?? LOCAL_TENANT,
      modality: spec.modality,
      agent_id,
      agent_name: document.name,
      agent_type: document.agent_type,
    },
    variables: writable({ ...tools.variables, ...more }),
  })

  const has = ({ extension }: TurnConfig, hook: HookName): boolean => extension?.hooks.includes(hook) ?? false

  async function ask(hook: HookName, config: TurnConfig, given: Json, turn_id?: Turn['turn_id']): Promise<JsonObject> {
    if (!extensions || !has(config, hook)) return {}
    try {
      const said = await extensions.hook(hook, callOf(config), given, LIMIT_MS[hook])
      return isJsonObject(said) ? said : {}
    } catch (cause) {
      const told = failureOf(hook, config, cause)
      report.journal({
        type: 'session.error',
        source: 'extension',
        error: told.body,
        recoverable: true,
        ...(turn_id && { turn_id }),
      })
      return {}
    }
  }

  /** Holds until another agent answers. */
  async function keep(given: JsonObject): Promise<void> {
    const { variables, context } = read(given)
    const { agent_id } = cell.current()
    const before = lasting.agent_id === agent_id ? lasting.context : ''
    if (context !== undefined)
      lasting = { agent_id, context: [before, context].filter(Boolean).join('\n\n').slice(-MOST_CONTEXT) }
    if (variables) await cell.add(variables)
  }

  return {
    async enter() {
      const config = cell.current()
      await keep(await ask('onEnter', config, {}))
    },
    async before(turn) {
      const { config } = turn
      if (!config.extension) return undefined
      const given = read(await ask('beforeTurn', config, beforeOf(turn), turn.turn_id))
      const kept = lasting.agent_id === config.agent_id ? lasting.context : ''
      const context = [kept, given.context ?? ''].filter(Boolean).join('\n\n')
      const all = { ...given, ...(context !== '' && { context }) }
      return Object.keys(all).length > 0 ? all : undefined
    },
    after(turn) {
      const { config, output, spoken, interrupted } = turn
      if (has(config, 'afterTurn'))
        void ask('afterTurn', config, { ...beforeOf(turn), output, spoken, interrupted }, turn.turn_id)
    },
    /** Asked as they come, and kept one after the other: each of them adds to what was there. */
    event({ name, data }) {
      const given = ask('onEvent', cell.current(), { name, data })
      keeping = Promise.allSettled([given, keeping]).then(async () => keep(await given))
      return keeping
    },
    tool: (tool, given, limit_ms) => {
      if (!extensions) return Promise.reject(new Error(`no extension has the tool "${tool}"`))
      return extensions.tool(tool, callOf(cell.current()), given, limit_ms).catch((cause: unknown) => {
        throw cause instanceof ExtensionFailure ? cause.withPlace() : cause
      })
    },
    over: () => extensions?.over(spec.session_id),
  }
}

const beforeOf = ({ turn_id, source, heardText }: Turn): JsonObject => ({ turn_id, source, heard: heardText })

/** Only what a hook may give, of the right kind. */
function read({ variables, context, instructions }: JsonObject): TurnGiven {
  return {
    ...(isJsonObject(variables) && { variables }),
    ...(typeof context === 'string' && context.trim() !== '' && { context: context.trim().slice(0, MOST_CONTEXT) }),
    ...(typeof instructions === 'string' && instructions.trim() !== '' && { instructions }),
  }
}

function failureOf(hook: HookName, { extension }: TurnConfig, cause: unknown): StudioError {
  const { where, hint } =
    cause instanceof ExtensionFailure ? cause : { where: undefined, hint: 'See the log of the session process.' }
  const file = where ?? extension?.file ?? ''
  const said = cause instanceof Error ? cause.message : String(cause)
  return new StudioError('runtime_failed', `${hook} of the extension "${extension?.name ?? ''}" failed in ${file}: ${said}`, hint)
}

const writable = (given: JsonObject): ThreadCall['variables'] =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, mutable(value)]))

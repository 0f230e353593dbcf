import { v7 } from 'uuid'
import type { Logger } from 'pino'
import { hasRole, type Caller } from '../core/contract/caller.ts'
import { StudioError, toProblems, type ErrorBody } from '../core/contract/errors.ts'
import {
  operations,
  type InputOf,
  type OperationName,
  type Operations,
  type OutputOf,
  type Reply,
} from '../core/contract/index.ts'
import { isDeeperThan, MOST_LEVELS } from '../core/json.ts'
import type { Store } from '../core/store/store.ts'
import type { Emit, Handler, Handlers } from './handler.ts'
import type { Jobs } from './jobs.ts'

export type DispatchContext = Readonly<{
  /** Ends with the caller's interest; a job goes on without it. */
  signal?: AbortSignal
  /** The caller's name for a job, for its progress and to cancel it. */
  job_id?: string
  /** By which the transport names the request, in its answer and in the log. */
  request_id?: string
}>

export type Dispatch = {
  <Name extends OperationName>(
    caller: Caller,
    name: Name,
    input: InputOf<Name>,
    context?: DispatchContext,
  ): Promise<Reply<OutputOf<Name>>>
  (caller: Caller, name: string, input: unknown, context?: DispatchContext): Promise<Reply<unknown>>
}

export type DispatchDeps = Readonly<{ handlers: Handlers; store: Store; emit: Emit; jobs: Jobs; log: Logger }>

type AnyOperation = Operations[OperationName]

/** Every transport ends here: the page, the command line, tests. Inputs are never logged: they may hold secrets and callers' words. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const checked = createOutputCheck()
  return async (caller: Caller, name: string, input: unknown, context: DispatchContext = {}): Promise<Reply<never>> => {
    const request_id = context.request_id ?? v7()
    try {
      const known = requireOperation(name)
      requireRole(caller, known)
      const value = await run(deps, { caller, name: known, parsed: parseInput(known, input), context })
      // The one cast: the table pairs each name with its output, which TypeScript cannot follow through a name known at run time only.
      return { ok: true, value: checked(known, value) as never }
    } catch (cause) {
      return { ok: false, error: toErrorBody(deps.log, cause, name, request_id) }
    }
  }
}

/** Outputs as the contract allows them. A handler that gives the same frozen answer again, as from a cache, has it checked once. */
function createOutputCheck(): (name: OperationName, value: unknown) => unknown {
  const known = new WeakMap<object, Map<OperationName, unknown>>()
  return (name, value) => {
    const operation: AnyOperation = operations[name]
    if (typeof value !== 'object' || value === null || !Object.isFrozen(value)) return operation.output.parse(value)
    const outputs = known.get(value) ?? new Map<OperationName, unknown>()
    known.set(value, outputs)
    const output = outputs.get(name) ?? operation.output.parse(value)
    outputs.set(name, output)
    return output
  }
}

type Run = Readonly<{ caller: Caller; name: OperationName; parsed: unknown; context: DispatchContext }>

async function run(deps: DispatchDeps, { caller, name, parsed, context }: Run): Promise<unknown> {
  const operation: AnyOperation = operations[name]
  const handler = deps.handlers[name] as Handler<never>
  const execute = async (signal: AbortSignal, job_id: string) => {
    signal.throwIfAborted()
    return handler(parsed as never, {
      caller,
      signal,
      progress: (progress) => deps.emit({ type: 'job.progress', job_id, progress }),
    })
  }
  const asJob = (job_id: string) =>
    deps.jobs.run(job_id, (signal, id) => execute(signal, id).finally(() => deps.emit({ type: 'job.ended', job_id })))
  const value =
    operation.kind === 'job'
      ? await asJob(context.job_id ?? v7())
      : await execute(context.signal ?? new AbortController().signal, '')
  if (operation.audit && AUDITED_BY[operation.audit] === 'dispatch') {
    await deps.store.commit(caller, [], { action: name, subject: subjectOf(parsed), detail: {} })
  }
  return value
}

/** Who writes the audit row: what lies in the store does it in the transaction of the change itself, everything else is done here. */
const AUDITED_BY: { readonly [Kind in NonNullable<AnyOperation['audit']>]: 'handler' | 'dispatch' } = {
  agent: 'handler',
  setting: 'handler',
  session: 'dispatch',
  caller: 'handler',
  secret: 'handler',
  model: 'dispatch',
  provider: 'handler',
  price: 'handler',
  connection: 'dispatch',
  routing: 'handler',
  access: 'handler',
  release: 'handler',
  webhook: 'handler',
  store: 'handler',
}

/** The name of the thing, which is all that an audit row may take from an input. */
function subjectOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return ''
  const named = Object.entries(input).find(([key]) =>
    ['session_id', 'agent_id', 'name', 'model_id', 'id', 'provider', 'connection_id'].includes(key),
  )
  return typeof named?.[1] === 'string' ? named[1] : ''
}

const isOperation = (name: string): name is OperationName => Object.hasOwn(operations, name)

function requireOperation(name: string): OperationName {
  if (isOperation(name)) return name
  throw new StudioError(
    'not_found',
    `There is no operation "${name.slice(0, 100)}".`,
    'Page and host may be of different builds: reload the page.',
  )
}

function requireRole(caller: Caller, name: OperationName): void {
  const { role } = operations[name]
  if (hasRole(caller.role, role)) return
  throw new StudioError(
    'forbidden',
    `${name} needs the role "${role}", and the caller is "${caller.role}".`,
    'Ask somebody with that role.',
  )
}

function parseInput(name: OperationName, input: unknown): unknown {
  if (isDeeperThan(input, MOST_LEVELS)) {
    throw new StudioError('malformed', `The input of ${name} is nested too deeply.`, `At most ${MOST_LEVELS} levels are read.`)
  }
  const parsed = operations[name].input.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = toProblems(parsed.error)
  const first = problems[0]
  throw new StudioError(
    'malformed',
    `The input of ${name} is not right${first ? `: ${first.path || 'the whole'} ${first.message}` : ''}.`,
    'See the problems for each place and what is expected there.',
    problems,
  )
}

function toErrorBody(log: Logger, cause: unknown, operation: string, request_id: string): ErrorBody {
  if (cause instanceof StudioError) return { ...cause.body, request_id }
  if (cause instanceof Error && cause.name === 'AbortError') {
    return { code: 'cancelled', message: 'It was cancelled.', hint: 'Start it again when you want it.', problems: [], request_id }
  }
  log.error({ err: cause, operation, request_id }, 'an operation failed unexpectedly')
  return {
    code: 'internal',
    message: 'Something went wrong inside Greenroom.',
    hint: `The log (of a studio in its data folder) says more; look for ${request_id}.`,
    problems: [],
    request_id,
  }
}

import type * as z from 'zod'
import type { Role } from './caller.ts'
import type { Rest } from './rest.ts'

/** `query` reads; `command` changes and is quick; `job` takes long, reports progress and can be cancelled. */
export type OperationKind = 'query' | 'command' | 'job'

export type Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = Readonly<{
  kind: OperationKind
  /** The least role that may call it. */
  role: Role
  /** What the audit row is about; absent when nothing worth an audit changes. */
  audit?:
    | 'agent'
    | 'session'
    | 'caller'
    | 'secret'
    | 'setting'
    | 'model'
    | 'provider'
    | 'price'
    | 'connection'
    | 'routing'
    | 'access'
    | 'release'
    | 'webhook'
    | 'store'
  /** May be repeated after a lost reply without a second effect. */
  idempotent?: boolean
  /** One line, for `--help` and the API's documentation. */
  summary: string
  /** Where clients of the production API find it; absent: nowhere. */
  rest?: Rest | readonly Rest[]
  input: Input
  output: Output
}>

export const operation = <Input extends z.ZodType, Output extends z.ZodType>(
  spec: Operation<Input, Output>,
): Operation<Input, Output> => spec

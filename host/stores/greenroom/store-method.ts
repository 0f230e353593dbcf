import type * as z from 'zod'
import { toProblems, StudioError } from '../../../core/contract/errors.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Stores } from '../../../core/store/stores.ts'

/** Who may call a method from elsewhere. `operator`: it reaches other tenants, what lets people in, or what the limits are counted by. */
export type MayCall = 'admin' | 'operator'

/** One method of the ports, as it crosses the network: JSON there, JSON back. */
export type StoreMethod<Result = unknown> = Readonly<{
  name: string
  /** Repeated after a lost reply only under the same key. */
  writes: boolean
  may: MayCall
  /** Sees to it by itself that it happens once under a key, on whichever instance. */
  keeps_key: boolean
  /** Throws `malformed`. */
  serve: (stores: Stores, scope: TenantScope, args: unknown, once?: string) => Promise<unknown>
  /** What came back, as the port says it. Throws `unavailable` for what no such method answers. */
  read: (result: unknown) => Result
}>

type Spec<Args extends z.ZodType<readonly unknown[]>, Result extends z.ZodType> = Readonly<{
  args: Args
  result: Result
  writes?: true
  keeps_key?: true
  may?: MayCall
  run: (stores: Stores, scope: TenantScope, args: z.output<Args>, once?: string) => Promise<unknown>
}>

export const storeMethod = <Args extends z.ZodType<readonly unknown[]>, Result extends z.ZodType>(
  name: string,
  { args: expected, result, writes, keeps_key, may = 'admin', run }: Spec<Args, Result>,
): StoreMethod<z.output<Result>> => ({
  ...{ name, writes: writes ?? false, keeps_key: keeps_key ?? false, may },
  serve: async (stores, scope, given, once) => {
    const parsed = expected.safeParse(given)
    if (!parsed.success) throw badArguments(name, parsed.error)
    return run(stores, scope, parsed.data, once)
  },
  read: (answer) => {
    const parsed = result.safeParse(answer)
    if (parsed.success) return parsed.data
    throw otherBuild(name, parsed.error)
  },
})

const badArguments = (name: string, error: z.ZodError): StudioError =>
  new StudioError(
    'malformed',
    `The arguments of ${name} are not right.`,
    'Both Greenrooms may be of different versions: update the older one.',
    toProblems(error),
  )

const otherBuild = (name: string, error: z.ZodError): StudioError =>
  new StudioError(
    'unavailable',
    `The other Greenroom answered ${name} in a way that is not understood here.`,
    'Both Greenrooms may be of different versions: update the older one.',
    toProblems(error),
  )

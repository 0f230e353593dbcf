import * as z from 'zod'
import { ROLES, type Role } from '../../../core/contract/caller.ts'
import { IF_MATCH, type Rest } from '../../../core/contract/rest.ts'
import type { Operation } from '../../../core/contract/operation.ts'

/** One row: an address, who may use it, and the operation behind it. */
export type RestRow = Readonly<{ name: string; rest: Rest; operation: Operation; role: Role; path_keys: readonly string[] }>

/**
 * Every route of the API, from the table of operations. Throws where a row is not whole: an operation without a role, two at one address,
 * a path that names what is no input. So a route that nobody gave a row does not start.
 */
export function restTable(operations: Readonly<Record<string, Operation>>): readonly RestRow[] {
  const taken = new Map<string, string>()
  return Object.entries(operations).flatMap(([name, operation]) =>
    restsOf(operation).map((rest) => {
      if (!ROLES.includes(operation.role)) throw new Error(`${name} has an address and no role`)
      const address = `${rest.method} ${rest.path.replaceAll(/:\w+/g, ':')}`
      const other = taken.get(address)
      if (other !== undefined) throw new Error(`${name} and ${other} have one address: ${rest.method} ${rest.path}`)
      taken.set(address, name)
      const path_keys = [...rest.path.matchAll(/:(\w+)/g)].map(([, key = '']) => key)
      const keys = inputKeys(operation)
      const unknown = [...path_keys, ...(rest.query ?? []), ...(rest.body === undefined ? [] : [rest.body])].find(
        (key) => !keys.includes(key),
      )
      if (unknown !== undefined) throw new Error(`${name} has no input "${unknown}", which its address names`)
      return { name, rest, operation, role: operation.role, path_keys }
    }),
  )
}

/** Whether a write takes `If-Match`. */
export const takesIfMatch = ({ operation }: RestRow): boolean => inputKeys(operation).includes(IF_MATCH)

export const inputKeys = ({ input }: Operation): readonly string[] =>
  input instanceof z.ZodObject ? Object.keys(input.shape) : []

function restsOf({ rest }: Operation): readonly Rest[] {
  if (rest === undefined) return []
  return isOne(rest) ? [rest] : rest
}

const isOne = (rest: Rest | readonly Rest[]): rest is Rest => !Array.isArray(rest)

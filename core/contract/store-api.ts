import * as z from 'zod'
import { operation } from './operation.ts'

/**
 * The store of this Greenroom for another one (`--store https://…`): a method of the ports in core/store, by name and arguments. The scope is
 * the credential's, whatever the arguments say.
 */
export const storeOperations = {
  'store.call': operation({
    kind: 'command',
    role: 'admin',
    summary: 'Call a method of the store, for another Greenroom that keeps its agents and calls here',
    rest: { method: 'POST', path: '/api/v1/store/:method' },
    input: z.object({ method: z.string().min(1).max(100), args: z.array(z.json()).max(10) }),
    output: z.object({ result: z.json().optional() }),
  }),
} as const

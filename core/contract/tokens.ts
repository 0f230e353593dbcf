import * as z from 'zod'
import { operation } from './operation.ts'

/** Ways into rooms for callers of the production API. */
export const tokenOperations = {
  'token.mint': operation({
    kind: 'command',
    role: 'caller',
    audit: 'access',
    summary: 'A token for a new room with an agent dispatched into it; the room gets the prefix of the tenant',
    rest: { method: 'POST', path: '/api/livekit/token' },
    input: z.object({
      roomName: z.string().trim().min(1).max(200).optional(),
      userName: z.string().trim().min(1).max(200).optional(),
      /** Names the agent or how to choose it; see routing. */
      metadata: z.union([z.record(z.string(), z.json()), z.string().max(524_288)]).optional(),
    }),
    output: z.object({ token: z.string(), url: z.string(), room: z.string() }),
  }),
} as const

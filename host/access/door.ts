import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../../core/contract/caller.ts'
import { createAuthenticator, credentialOf, type AuthenticatorDeps } from './authenticator.ts'
import { createGuessLimit } from './guess-limit.ts'
import { createRequestCount, rateLimitHeaders, type RequestLimitsDeps } from './request-limits.ts'
import type { StudioError } from '../../core/contract/errors.ts'

/** Who came in. `headers` are of the answer, whatever it is; `refused` has to be the answer where it stands. */
export type Entry = Readonly<{ caller: Caller; headers: Readonly<Record<string, string>>; refused?: StudioError }>

/** The door of the production API: says who asks, and counts the request. */
export type Door = Readonly<{
  /** Throws `unauthorized`, `forbidden`, `rate_limited` after too many guesses, and `unavailable` when it cannot be known. */
  enter: (headers: IncomingHttpHeaders, remote_address: string | undefined) => Promise<Entry>
  close: () => void
}>

export function createDoor(deps: AuthenticatorDeps & RequestLimitsDeps): Door {
  const { authenticate, close } = createAuthenticator(deps)
  const guesses = createGuessLimit(deps.clock)
  const count = createRequestCount(deps)
  return {
    enter: async (headers, remote_address) => {
      const { caller, limits, counted } = await guesses.guard(remote_address, credentialOf(headers), () =>
        authenticate(headers, remote_address),
      )
      const { standings, refused } = await count(counted, limits)
      return { caller, headers: rateLimitHeaders(standings), ...(refused && { refused }) }
    },
    close,
  }
}

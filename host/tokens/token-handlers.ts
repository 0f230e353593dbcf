import type { HandlersOf } from '../handler.ts'
import { mintToken, type MintDeps } from './mint-token.ts'

export const tokenHandlers = (deps: MintDeps): HandlersOf<'token.mint'> => ({
  'token.mint': (input, { caller }) => mintToken(deps, caller, input),
})

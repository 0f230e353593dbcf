import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const tokenHandlers = (): HandlersOf<'token.mint'> => ({
  'token.mint': unwritten('token.mint'),
})

import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const storeHandlers = (): HandlersOf<'store.call'> => ({
  'store.call': unwritten('store.call'),
})

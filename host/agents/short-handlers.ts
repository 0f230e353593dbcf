import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const shortHandlers = (): HandlersOf<
  'short.list' | 'short.create' | 'short.get' | 'short.current' | 'short.update' | 'short.delete' | 'short.set_default'
> => ({
  'short.list': unwritten('short.list'),
  'short.create': unwritten('short.create'),
  'short.get': unwritten('short.get'),
  'short.current': unwritten('short.current'),
  'short.update': unwritten('short.update'),
  'short.delete': unwritten('short.delete'),
  'short.set_default': unwritten('short.set_default'),
})

import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const auditHandlers = (): HandlersOf<'audit.list' | 'audit.verify' | 'change.list'> => ({
  'audit.list': unwritten('audit.list'),
  'audit.verify': unwritten('audit.verify'),
  'change.list': unwritten('change.list'),
})

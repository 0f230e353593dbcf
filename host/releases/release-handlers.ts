import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const releaseHandlers = (): HandlersOf<'release.list' | 'release.create' | 'release.get' | 'release.update'> => ({
  'release.list': unwritten('release.list'),
  'release.create': unwritten('release.create'),
  'release.get': unwritten('release.get'),
  'release.update': unwritten('release.update'),
})

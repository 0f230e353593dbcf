import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const configHandlers = (): HandlersOf<
  | 'config.create'
  | 'config.get'
  | 'config.update'
  | 'config.delete'
  | 'config.list'
  | 'config.add_field'
  | 'config.remove_field'
  | 'config.toggle_tracing'
  | 'config.versions'
  | 'config.publish'
  | 'config.rollback'
> => ({
  'config.create': unwritten('config.create'),
  'config.get': unwritten('config.get'),
  'config.update': unwritten('config.update'),
  'config.delete': unwritten('config.delete'),
  'config.list': unwritten('config.list'),
  'config.add_field': unwritten('config.add_field'),
  'config.remove_field': unwritten('config.remove_field'),
  'config.toggle_tracing': unwritten('config.toggle_tracing'),
  'config.versions': unwritten('config.versions'),
  'config.publish': unwritten('config.publish'),
  'config.rollback': unwritten('config.rollback'),
})

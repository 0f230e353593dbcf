import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const tenantHandlers = (): HandlersOf<
  | 'tenant.list'
  | 'tenant.create'
  | 'tenant.get'
  | 'tenant.update'
  | 'user.list'
  | 'user.create'
  | 'user.update'
  | 'key.list'
  | 'key.create'
  | 'key.revoke'
  | 'quota.get'
  | 'quota.set'
> => ({
  'tenant.list': unwritten('tenant.list'),
  'tenant.create': unwritten('tenant.create'),
  'tenant.get': unwritten('tenant.get'),
  'tenant.update': unwritten('tenant.update'),
  'user.list': unwritten('user.list'),
  'user.create': unwritten('user.create'),
  'user.update': unwritten('user.update'),
  'key.list': unwritten('key.list'),
  'key.create': unwritten('key.create'),
  'key.revoke': unwritten('key.revoke'),
  'quota.get': unwritten('quota.get'),
  'quota.set': unwritten('quota.set'),
})

import type { Json } from '../json.ts'
import type { TenantScope } from './scope.ts'

/** Settings as key and value; what is not set is absent, and defaults are the reader's. */
export type SettingReads = Readonly<{ all: (scope: TenantScope) => Promise<Readonly<Record<string, Json>>> }>

/** Keys not named stay as they are; null removes. */
export type SettingChange = Readonly<{ kind: 'setting.set'; values: Readonly<Record<string, Json>> }>

import type { ModelsTab } from '../client/address.ts'

export const MODELS_TAB_NAMES: Readonly<Record<ModelsTab, string>> = {
  models: 'Models',
  keys: 'Keys',
  providers: 'Providers',
  prices: 'Prices',
  servers: 'Local servers',
}

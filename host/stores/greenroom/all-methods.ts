import { callMethods, commandMethods, deliveryMethods, healthMethod, limitMethods } from './call-methods.ts'
import type { StoreMethod } from './store-method.ts'
import { agentMethods, configurationMethods, directoryMethods, storeMethods, versionMethods } from './studio-methods.ts'

/** What another Greenroom may call here, by name; nothing else of the store can be reached. */
export const allMethods = (): ReadonlyMap<string, StoreMethod> => {
  const groups: readonly Readonly<Record<string, StoreMethod>>[] = [
    agentMethods,
    versionMethods,
    configurationMethods,
    directoryMethods,
    storeMethods,
    callMethods,
    deliveryMethods,
    limitMethods,
    commandMethods,
    { healthMethod },
  ]
  return new Map(groups.flatMap((group) => Object.values(group)).map((method) => [method.name, method]))
}

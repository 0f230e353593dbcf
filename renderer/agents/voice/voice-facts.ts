import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { secretReferences } from '../../../core/agent/secret-scan.ts'
import type {
  DocumentJson,
  LocalModel,
  LocalServer,
  ModelSet,
  PriceEntry,
  ProviderCheck,
  SecretState,
} from '../../../core/contract/index.ts'
import type { Provider } from '../../../core/providers/index.ts'
import { useOperation } from '../../client/use-operation.ts'
import { listOf } from './provider-block.ts'

/** What the host knows of providers, keys and models; asked once for the whole tab. */
export type VoiceFacts = Readonly<{
  checks: readonly ProviderCheck[]
  prices: readonly PriceEntry[]
  models: readonly LocalModel[]
  sets: readonly ModelSet[]
  servers: readonly LocalServer[]
  /** Undefined until they are known. */
  secrets: readonly SecretState[] | undefined
  secret_warning: string | undefined
  reloadModels: () => void
  reloadSecrets: () => void
}>

export const VoiceFactsContext = createContext<VoiceFacts | undefined>(undefined)

export function useVoiceFacts(): VoiceFacts {
  const facts = useContext(VoiceFactsContext)
  if (!facts) throw new Error('useVoiceFacts outside of the tab')
  return facts
}

const ALL: readonly Provider[] = [...listOf('llm'), ...listOf('stt'), ...listOf('tts')]
const USUAL = ALL.flatMap(({ needs }) => (needs.kind === 'secret' ? needs.secrets.map(({ reference }) => reference) : []))

export function useReadVoiceFacts(content: DocumentJson): VoiceFacts {
  const references = useMemo(() => [...new Set([...USUAL, ...secretReferences(content)])].sort(), [content])
  const checks = useOperation('provider.checks', {}, ['provider.checked'])
  const prices = useOperation('price.list', {}, ['price.changed'])
  const models = useOperation('model.list', {}, ['model.changed'])
  const servers = useOperation('model.find_servers', {})
  const secrets = useOperation('secret.list', { references }, ['secret.changed'])
  // A reference is typed letter by letter: what was known stays until the next answer.
  const known = useLast(secrets.value)
  return useMemo(
    () => ({
      checks: checks.value?.checks ?? [],
      prices: prices.value?.prices ?? [],
      models: models.value?.models ?? [],
      sets: models.value?.sets ?? [],
      servers: servers.value?.servers ?? [],
      secrets: known?.secrets,
      secret_warning: known?.warning,
      reloadModels: models.reload,
      reloadSecrets: secrets.reload,
    }),
    [checks.value, prices.value, models.value, servers.value, known, models.reload, secrets.reload],
  )
}

function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value)
  useEffect(() => {
    if (value !== undefined) setLast(() => value)
  }, [value])
  return value ?? last
}

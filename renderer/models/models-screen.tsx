import { useState } from 'react'
import { MODELS_TABS, type ModelsTab } from '../client/address.ts'
import { TabbedScreen } from '../ui/tabbed-screen.tsx'
import { KeysTab } from './keys/keys-tab.tsx'
import { ModelsTab as ModelList } from './list/models-tab.tsx'
import { MODELS_TAB_NAMES } from './models-tab-names.ts'
import { PricesTab } from './prices/prices-tab.tsx'
import { ProvidersTab } from './providers/providers-tab.tsx'
import { Servers } from './servers.tsx'

type Props = Readonly<{
  tab: ModelsTab
  /** The dialog that takes something in is open: a model, or a .env file. */
  importing: boolean
  onGo: (tab: ModelsTab, importing?: boolean) => void
}>

/** What answers on this machine, and the keys and prices of what does not. */
export function ModelsScreen({ tab, importing, onGo }: Props) {
  // The key that somebody wants to add, having seen that it is missing.
  const [wanted, setWanted] = useState('')
  const go = (next: ModelsTab, open = false, key = '') => {
    setWanted(key)
    onGo(next, open)
  }
  return (
    <TabbedScreen
      title="Models & keys"
      label="Parts of models and keys"
      tabs={MODELS_TABS.map((id) => ({ id, name: MODELS_TAB_NAMES[id] }))}
      tab={tab}
      onTab={(next) => go(next)}
      padded
    >
      <Part tab={tab} importing={importing} wanted={wanted} onGo={go} />
    </TabbedScreen>
  )
}

type PartProps = Readonly<{
  tab: ModelsTab
  importing: boolean
  wanted: string
  onGo: (tab: ModelsTab, importing?: boolean, key?: string) => void
}>

function Part({ tab, importing, wanted, onGo }: PartProps) {
  switch (tab) {
    case 'models':
      return <ModelList importing={importing} onImport={(open) => onGo('models', open)} onKeys={() => onGo('keys')} />
    case 'keys':
      return <KeysTab importing={importing} wanted={wanted} onImport={(open) => onGo('keys', open)} />
    case 'providers':
      return <ProvidersTab onAddKey={(name) => onGo('keys', false, name)} />
    case 'prices':
      return <PricesTab />
    case 'servers':
      return <Servers />
  }
}

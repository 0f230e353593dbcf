import { MODELS_TABS, type ModelsTab } from '../client/address.ts'
import { Tabs } from '../ui/tabs.tsx'
import { KeysTab } from './keys/keys-tab.tsx'
import { ModelsTab as ModelList } from './list/models-tab.tsx'
import { MODELS_TAB_NAMES } from './models-tab-names.ts'
import { PricesTab } from './prices/prices-tab.tsx'
import { ProvidersTab } from './providers/providers-tab.tsx'
import { Servers } from './servers.tsx'
import classes from './models.module.css'

type Props = Readonly<{
  tab: ModelsTab
  /** The dialog that takes something in is open: a model, or a .env file. */
  importing: boolean
  onGo: (tab: ModelsTab, importing?: boolean) => void
}>

/** What answers on this machine, and the keys and prices of what does not. */
export const ModelsScreen = ({ tab, importing, onGo }: Props) => (
  <div className={classes.screen}>
    <div className={classes.bar}>
      <h1 className={classes.title}>Models & keys</h1>
      <Tabs
        label="Parts of models and keys"
        tabs={MODELS_TABS.map((id) => ({ id, name: MODELS_TAB_NAMES[id] }))}
        tab={tab}
        onTab={(next) => onGo(next)}
      />
    </div>
    <div key={tab} id={`panel-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`} className={classes.panel}>
      <Part tab={tab} importing={importing} onGo={onGo} />
    </div>
  </div>
)

function Part({ tab, importing, onGo }: Props) {
  switch (tab) {
    case 'models':
      return <ModelList importing={importing} onImport={(open) => onGo('models', open)} onKeys={() => onGo('keys')} />
    case 'keys':
      return <KeysTab importing={importing} onImport={(open) => onGo('keys', open)} />
    case 'providers':
      return <ProvidersTab onKeys={() => onGo('keys')} />
    case 'prices':
      return <PricesTab />
    case 'servers':
      return <Servers />
  }
}

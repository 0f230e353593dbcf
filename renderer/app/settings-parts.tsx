import { lazy } from 'react'
import { navigate } from '../client/route.ts'
import { Tabs } from '../ui/tabs.tsx'
import classes from './settings-parts.module.css'

const SettingsScreen = lazy(async () => ({ default: (await import('../settings/settings-screen.tsx')).SettingsScreen }))
const ConnectionsScreen = lazy(async () => ({
  default: (await import('../connections/connections-screen.tsx')).ConnectionsScreen,
}))

type Part = 'general' | 'livekit'
const PARTS: readonly Readonly<{ id: Part; name: string }>[] = [
  { id: 'general', name: 'General' },
  { id: 'livekit', name: 'LiveKit' },
]

/** Settings of this studio, and the LiveKit servers that its calls can go through. */
export function SettingsParts({ part }: { part: 'livekit' | undefined }) {
  const tab: Part = part ?? 'general'
  return (
    <div className={classes.screen}>
      <div className={classes.bar}>
        <h1 className={classes.title}>Settings</h1>
        <Tabs
          label="Parts of the settings"
          tabs={PARTS}
          tab={tab}
          onTab={(next) => navigate({ screen: 'settings', ...(next === 'livekit' ? { part: next } : {}) })}
        />
      </div>
      <div
        key={tab}
        id={`panel-${tab}`}
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        className={tab === 'livekit' ? classes.padded : classes.panel}
      >
        {tab === 'livekit' ? <ConnectionsScreen /> : <SettingsScreen />}
      </div>
    </div>
  )
}

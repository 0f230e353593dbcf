import { lazy, Suspense, useCallback, useState } from 'react'
import { DialogsProvider } from '../agents/dialogs-context.tsx'
import type { Route } from '../client/address.ts'
import { navigate, useRoute } from '../client/route.ts'
import { Busy } from '../ui/busy.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { useShortcut } from '../ui/shortcuts.ts'
import { AgentsScreen } from './agents-screen.tsx'
import { Header } from './header.tsx'
import { createLibraryDrawer, LibraryDrawerContext } from './library-drawer.ts'
import { LockedBanner } from './locked-banner.tsx'
import { OfflineBanner } from './offline-banner.tsx'
import { Rail } from './rail.tsx'
import { RecoveryBanner } from './recovery-banner.tsx'
import { SettingsParts } from './settings-parts.tsx'
import { ShortcutsHelp } from './shortcuts-help.tsx'
import { StatusBar } from './status-bar.tsx'
import { useShellCommands } from './use-shell-commands.ts'
import classes from './app.module.css'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const CallsScreen = lazy(async () => ({ default: (await import('../calls/calls-screen.tsx')).CallsScreen }))
const ModelsScreen = lazy(async () => ({ default: (await import('../models/models-screen.tsx')).ModelsScreen }))

/** The frame of the studio: what is always there, and the screen that the address names. */
export function App() {
  const route = useRoute()
  const [paletteAsked, setPaletteAsked] = useState(0)
  const [help, setHelp] = useState(false)
  const [drawer] = useState(createLibraryDrawer)
  const openPalette = useCallback(() => setPaletteAsked((count) => count + 1), [])
  const openHelp = useCallback(() => setHelp(true), [])
  const openAgent = useCallback((agent_id: string) => navigate({ screen: 'agents', agent_id, tab: 'prompt' }), [])
  useShortcut('mod+k', 'Find agents, calls and commands', openPalette)
  useShortcut('?', 'Show the shortcuts', openHelp)

  return (
    <DialogsProvider onOpen={openAgent}>
      <ShellCommands openPalette={openPalette} openHelp={openHelp} />
      <LibraryDrawerContext value={drawer}>
        <div className={classes.app}>
          <Header route={route} onPalette={openPalette} />
          <Rail route={route} />
          <main className={classes.main}>
            <OfflineBanner />
            <RecoveryBanner />
            <LockedBanner />
            <div className={classes.screen}>
              <ErrorBoundary place={route.screen}>
                <Suspense fallback={<Busy label="Loading" />}>
                  <Screen route={route} />
                </Suspense>
              </ErrorBoundary>
            </div>
          </main>
          <StatusBar onHelp={openHelp} />
        </div>
      </LibraryDrawerContext>
      <Suspense>{paletteAsked > 0 && <Palette asked={paletteAsked} onHelp={openHelp} />}</Suspense>
      <ShortcutsHelp opened={help} onClose={() => setHelp(false)} />
    </DialogsProvider>
  )
}

/** Inside the dialogs' provider, because the desktop's menus open dialogs too. */
function ShellCommands(props: { openPalette: () => void; openHelp: () => void }) {
  useShellCommands(props)
  return null
}

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case 'agents':
      return <AgentsScreen agent_id={route.agent_id} tab={route.tab} />
    case 'calls':
      return (
        <CallsScreen
          {...(route.session_id ? { session_id: route.session_id } : {})}
          watch={route.watch}
          onOpen={(session_id) => navigate(session_id ? { screen: 'calls', session_id } : { screen: 'calls' })}
          onOpenAgent={(agent_id) => navigate({ screen: 'agents', agent_id, tab: 'prompt' })}
        />
      )
    case 'models':
      return (
        <ModelsScreen
          tab={route.tab ?? 'models'}
          importing={route.open === 'import'}
          onGo={(tab, importing) => navigate({ screen: 'models', tab, ...(importing ? { open: 'import' } : {}) })}
        />
      )
    case 'settings':
      return <SettingsParts part={route.part} />
  }
}

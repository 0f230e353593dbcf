import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import type { Root } from 'react-dom/client'
import type { Settings } from '../../core/contract/index.ts'
import { AgentsProvider } from '../agents/agents-context.tsx'
import { CallsProvider } from '../calls/calls-provider.tsx'
import { ModelJobsProvider } from '../client/model-jobs-context.tsx'
import { SettingsProvider } from '../client/settings-context.tsx'
import { StudioProvider } from '../client/studio-context.tsx'
import type { StudioClient } from '../client/studio-client.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { ShortcutProvider } from '../ui/shortcut-provider.tsx'
import { cssVariables, theme } from '../ui/theme.ts'
import { App } from './app.tsx'
import { NoHost } from './no-host.tsx'
import { useColorScheme } from './use-color-scheme.ts'

/** Settings come first, because theme and layout are in them; the host is on this machine, so that takes a few milliseconds. */
export async function start(root: Root, client: StudioClient): Promise<void> {
  try {
    const settings = await client.call('setting.get', {})
    root.render(<Studio client={client} settings={settings} />)
  } catch (cause) {
    root.render(<Unreached cause={cause} onRetry={() => void start(root, client)} />)
  }
}

const Studio = ({ client, settings }: { client: StudioClient; settings: Settings }) => (
  <StudioProvider client={client}>
    <SettingsProvider initial={settings}>
      <Themed>
        <ShortcutProvider>
          <AgentsProvider>
            <CallsProvider>
              <ModelJobsProvider>
                <ErrorBoundary place="studio">
                  <App />
                </ErrorBoundary>
              </ModelJobsProvider>
            </CallsProvider>
          </AgentsProvider>
        </ShortcutProvider>
      </Themed>
    </SettingsProvider>
  </StudioProvider>
)

function Themed({ children }: { children: ReactNode }) {
  const scheme = useColorScheme()
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme}>
      <Notifications position="bottom-center" limit={4} />
      {children}
    </MantineProvider>
  )
}

const Unreached = ({ cause, onRetry }: { cause: unknown; onRetry: () => void }) => (
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
    <NoHost cause={cause} onRetry={onRetry} />
  </MantineProvider>
)

import { useEffect, useRef } from 'react'
import type { ShellCommand } from '../../core/contract/shell.ts'
import { useAgents } from '../agents/agents-context.tsx'
import { useDialogs } from '../agents/dialogs-context.tsx'
import { useAgentCommands } from '../agents/use-agent-commands.tsx'
import { navigate, useRoute } from '../client/route.ts'
import { shellBridge } from '../client/shell-bridge.ts'
import { useContext } from 'react'
import { ShortcutContext } from '../ui/shortcuts.ts'

const open = (agent_id: string) => navigate({ screen: 'agents', agent_id, tab: 'prompt' })

/** The desktop's menus ask for what the page can do anyway. */
export function useShellCommands({ openPalette, openHelp }: { openPalette: () => void; openHelp: () => void }): void {
  const route = useRoute()
  const { library } = useAgents()
  const dialogs = useDialogs()
  const commands = useAgentCommands(open)
  const shortcuts = useContext(ShortcutContext)

  const carryOut = (command: ShellCommand) => {
    const press = (keys: string) =>
      shortcuts
        ?.list()
        .find((one) => one.keys === keys)
        ?.handler()
    switch (command) {
      case 'save':
        return press('mod+s')
      case 'toggle-call':
        return press('mod+Enter')
      case 'palette':
        return openPalette()
      case 'shortcuts':
        return openHelp()
      case 'new-agent':
        return commands.createBlank()
      case 'import':
        return dialogs.importBundle()
      case 'export': {
        const agent = route.screen === 'agents' && route.agent_id ? library.store.getState().byId[route.agent_id] : undefined
        return agent && dialogs.exportBundle(agent)
      }
      case 'settings':
        return navigate({ screen: 'settings' })
    }
  }
  const latest = useRef(carryOut)
  useEffect(() => {
    latest.current = carryOut
  })
  useEffect(() => shellBridge()?.onCommand((command) => latest.current(command)), [])
}

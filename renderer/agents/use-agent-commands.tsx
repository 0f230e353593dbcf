import { useMemo } from 'react'
import type { AgentSummary } from '../../core/contract/index.ts'
import { AgentId, type InputOf } from '../../core/contract/index.ts'
import { useStudio } from '../client/studio-context.tsx'
import { toast, toastError, toastUndo } from '../ui/toast.tsx'
import { useAgents } from './agents-context.tsx'
import { useDialogs } from './dialogs-context.tsx'

export type AgentCommands = ReturnType<typeof useAgentCommands>

/** What can be done with a whole agent, from its menu, the palette and the desktop's menus alike. */
export function useAgentCommands(onOpen: (agent_id: string) => void) {
  const studio = useStudio()
  const { library } = useAgents()
  const dialogs = useDialogs()
  return useMemo(() => {
    const attempt = (work: () => Promise<unknown>) => void work().catch(toastError)
    const create = (input: InputOf<'agent.create'>) =>
      attempt(async () => {
        const { head, summary } = await studio.call('agent.create', input)
        // Shown at once, without waiting for the echo.
        library.add(summary)
        onOpen(head.agent_id)
      })
    return {
      createBlank: () => create({ source: { kind: 'blank' }, name: 'New agent' }),
      createFromSample: (sample_id: string) => create({ source: { kind: 'sample', sample_id: AgentId.parse(sample_id) } }),
      duplicate: ({ agent_id, name }: AgentSummary) => create({ source: { kind: 'duplicate', agent_id }, name: `${name} copy` }),
      rename: ({ agent_id }: AgentSummary, name: string) =>
        attempt(async () => {
          const { summary } = await studio.call('agent.rename', { agent_id, name })
          library.add(summary)
        }),
      setEnabled: ({ agent_id }: AgentSummary, enabled: boolean) =>
        attempt(() => studio.call('agent.set_state', { agent_id, enabled })),
      makeDefault: ({ agent_id, name }: AgentSummary) =>
        attempt(async () => {
          await studio.call('agent.set_state', { agent_id, is_default: true })
          toast(`${name} is the default agent now`)
        }),
      remove: ({ agent_id, name }: AgentSummary) =>
        attempt(async () => {
          await studio.call('agent.delete', { agent_id })
          library.remove(agent_id)
          toastUndo(`Deleted ${name}`, () =>
            attempt(async () => {
              library.add(await studio.call('agent.undelete', { agent_id }))
              onOpen(agent_id)
            }),
          )
        }),
      exportBundle: (agent: AgentSummary) => dialogs.exportBundle(agent),
    }
  }, [studio, library, dialogs, onOpen])
}

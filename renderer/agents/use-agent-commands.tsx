import { useMemo } from 'react'
import type { AgentSummary, InputOf, OutputOf } from '../../core/contract/index.ts'
import { useStudio } from '../client/studio-context.tsx'
import { toast, toastError, toastUndo } from '../ui/toast.tsx'
import { useAgents } from './agents-context.tsx'
import { useDialogs } from './dialogs-context.tsx'
import { freeName } from './free-name.ts'

type SampleSummary = OutputOf<'agent.samples'>['samples'][number]

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
    const free = (name: string) =>
      freeName(
        name,
        Object.values(library.store.getState().byId).map((agent) => agent.name),
      )
    return {
      createBlank: () => create({ source: { kind: 'blank' }, name: free('New agent') }),
      createFromSample: ({ sample_id, name }: SampleSummary) =>
        create({ source: { kind: 'sample', sample_id }, name: free(name) }),
      duplicate: ({ agent_id, name }: AgentSummary) =>
        create({ source: { kind: 'duplicate', agent_id }, name: free(`${name} copy`) }),
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

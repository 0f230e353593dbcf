import { Switch } from '@mantine/core'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { knownTools } from '../../../core/tools/tool-spec.ts'
import { countOf } from '../format.ts'
import type { CallSetup } from './use-call-setup.ts'

/** Whether tools act in this call; only where there are some that would reach out. */
export function ToolsSection({ document, setup }: { document: AgentDocument; setup: CallSetup }) {
  const acting = knownTools(document.tools).filter(({ type }) => type === 'http' || type === 'client')
  if (acting.length === 0) return null
  return (
    <section>
      <Switch
        label="Tools answer with their mocks"
        description={
          setup.mock_tools
            ? 'Nothing is asked outside: each tool answers what its mock says.'
            : `${countOf(acting.length, 'tool')} ${acting.length === 1 ? 'is' : 'are'} run for real, with what that does elsewhere.`
        }
        checked={setup.mock_tools}
        onChange={({ currentTarget: { checked } }) => setup.setMockTools(checked)}
      />
    </section>
  )
}

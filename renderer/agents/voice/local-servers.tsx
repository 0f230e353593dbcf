import { Button } from '@mantine/core'
import { toastUndo } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { connectServer } from './provider-block.ts'
import { blockAt, providerAt, type Slot } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './voice.module.css'

const LLM: Slot = { kind: 'llm', index: 0 }

/** Model servers that run on this machine are offered; the one in use is not offered again. */
export function LocalServers() {
  const { content, change, read_only } = useWorkspace()
  const { servers } = useVoiceFacts()
  const inUse = blockAt(content, LLM)['base_url'] ?? providerAt(content, LLM)?.base_url
  const offered = servers.filter(({ base_url }) => base_url !== inUse)
  if (read_only) return null
  return offered.map((server) => (
    <div key={server.base_url} className={classes.found} role="status">
      <span>
        <strong>{server.name}</strong> runs on this machine at {server.base_url}
        {server.models.length > 0 ? ` with ${server.models.slice(0, 3).join(', ')}` : ', without a model so far'}.
      </span>
      <Button
        onClick={() => {
          const before = content
          change((now) => connectServer(now, LLM, server))
          toastUndo(`The language model is ${server.name} now`, () => change(() => before))
        }}
      >
        Use it as language model
      </Button>
    </div>
  ))
}

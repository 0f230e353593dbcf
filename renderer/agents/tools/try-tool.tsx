import { Button, Loader } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import type { ToolTry } from '../../../core/contract/index.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { JsonText } from '../../ui/json-text.tsx'
import type { ToolRow } from './tool-rows.ts'
import { triedText, triedWords } from './try-state.ts'
import { useToolTry } from './use-tool-try.ts'
import classes from './tools-tab.module.css'

type Props = Readonly<{ tool: ToolRow['raw']; given: JsonObject; variables: JsonObject }>

/** Sends it for real, with its secrets, from this machine. */
export function TryTool({ tool, given, variables }: Props) {
  const { state, run, cancel } = useToolTry(tool)
  const isRunning = state.phase === 'running'
  return (
    <div className={classes.result}>
      <div className={classes.resultHead}>
        <Button
          variant="filled"
          leftSection={<IconPlayerPlay size={14} />}
          // Not disabled while it runs: a keyboard would lose its place.
          aria-disabled={isRunning}
          title="Sends this request for real, with its effect"
          onClick={isRunning ? undefined : () => void run(given, variables)}
        >
          Try it
        </Button>
        {isRunning ? (
          <span className={classes.resultHead} role="status">
            <Loader size={14} aria-hidden /> Sent; waiting for the answer…
            <Button onClick={cancel}>Cancel</Button>
          </span>
        ) : (
          <span className={classes.hint}>Sends it for real, with its effect there.</span>
        )}
      </div>
      {state.phase === 'refused' && <ErrorNote error={state.error} />}
      {state.phase === 'done' && <Result tried={state.tried} />}
    </div>
  )
}

function Result({ tried }: { tried: ToolTry }) {
  const text = triedText(tried)
  return (
    <div role="group" aria-label="Result" className={classes.result}>
      <div className={classes.resultHead} role="status">
        <Badge tone={tried.outcome === 'ok' ? 'good' : 'bad'}>{triedWords(tried)}</Badge>
        <span className={classes.hint}>{Math.round(tried.duration_ms)} ms</span>
      </div>
      {tried.error && <ErrorNote error={tried.error} />}
      {text !== '' && (
        <>
          <span className={classes.hint}>What the LLM is told</span>
          <pre className={classes.request} tabIndex={0} role="region" aria-label="What came back">
            <JsonText text={text} />
          </pre>
        </>
      )}
    </div>
  )
}

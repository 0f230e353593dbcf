import { useMemo, useState } from 'react'
import { AgentDocument } from '../../../core/agent/document.ts'
import { promptScope } from '../../../core/agent/prompt.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { exampleOutput } from '../../../core/output/example-output.ts'
import { isKnownTool, Tool } from '../../../core/tools/tool.ts'
import { toolSpecs } from '../../../core/tools/tool-spec.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { valueAt, type JsonValue } from '../document-edit.ts'
import { readFields } from '../output/field-rows.ts'
import { toRule } from '../output/use-speech-cost.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { JsonInput } from './json-input.tsx'
import { RequestView } from './request-view.tsx'
import { useTool } from './tool-context.ts'
import type { ToolRow } from './tool-rows.ts'
import { TryTool } from './try-tool.tsx'
import classes from './tools-tab.module.css'

const Variables = AgentDocument.shape.prompt_config.shape.dynamic_vars

/** The tool as the LLM gets it, and what goes out when it calls it. */
export function ToolPreview() {
  const { content } = useWorkspace()
  const { row, index } = useTool()
  const tool = useMemo(() => Tool.safeParse(row.raw).data, [row])
  const example = useMemo<JsonObject>(
    () => exampleOutput(readFields(content, ['tools', index, 'parameters']).map(toRule)),
    [content, index],
  )
  const [own, setOwn] = useState<JsonValue>()
  const given: JsonObject = isJsonObject(own) ? own : example
  const variables = useMemo(() => {
    const declared = Variables.safeParse(valueAt(content, ['prompt_config', 'dynamic_vars'])).data ?? {}
    return promptScope({}, { prompt_config: { dynamic_vars: declared } })
  }, [content])
  const known = tool && isKnownTool(tool) ? tool : undefined
  const [spec] = useMemo(() => toolSpecs(known ? [known] : asFarAsRead(row)), [known, row])
  return (
    <div className={classes.preview}>
      {spec ? (
        <JsonView title="As the LLM gets it" value={spec} />
      ) : (
        <section aria-label="As the LLM gets it" className={classes.try}>
          <p className={classes.text}>
            {row.kind === 'other'
              ? 'The LLM is not told of it.'
              : 'Mend the name or the parameters, then it is shown here as the LLM gets it.'}
          </p>
        </section>
      )}
      <section className={classes.try} aria-label="What happens" tabIndex={0}>
        {(row.kind === 'http' || row.kind === 'client') && (
          <JsonInput
            label="Example arguments"
            value={own === undefined ? example : own}
            onChange={setOwn}
            readOnly={false}
            error={own !== undefined && !isJsonObject(own) ? 'Arguments are a JSON object' : undefined}
          />
        )}
        {!known && row.kind !== 'other' && <p className={classes.text}>Mend what is marked above, then it can be tried.</p>}
        {known?.type === 'http' && (
          <>
            <RequestView tool={known} given={given} variables={variables} />
            <TryTool tool={row.raw} given={given} variables={variables} />
          </>
        )}
        {known?.type === 'client' && (
          <>
            <p className={classes.hint}>RPC to the caller’s participant</p>
            <pre className={classes.request} tabIndex={0}>
              <span className={classes.method}>{known.method ?? known.name}</span> {JSON.stringify(given)}
            </pre>
          </>
        )}
        {known?.type === 'end_call' && <p className={classes.text}>The call ends with the reason “agent ended”.</p>}
        {known?.type === 'handoff' && (
          <p className={classes.text}>
            From the next turn on the other agent answers; the caller stays in the same call, without a gap.
          </p>
        )}
      </section>
    </div>
  )
}

/** What the LLM gets does not hang on where the request goes. */
function asFarAsRead({ kind, name, description, raw }: ToolRow): readonly Tool[] {
  const named = { type: kind, name, description }
  const whole = {
    http: { url: 'https://server.example' },
    client: {},
    end_call: {},
    handoff: { agent_id: 'agent' },
    other: undefined,
  }[kind]
  const parameters = kind === 'http' || kind === 'client' ? { parameters: raw['parameters'] ?? [] } : {}
  const tool = whole && Tool.safeParse({ ...named, ...whole, ...parameters }).data
  return tool ? [tool] : []
}

import { useMemo } from 'react'
import type { JsonObject } from '../../../core/json.ts'
import { renderRequest } from '../../../core/tools/render-request.ts'
import type { HttpTool } from '../../../core/tools/tool.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { JsonText } from '../../ui/json-text.tsx'
import classes from './tools-tab.module.css'

/** Stands where a secret would. */
const MASK = '***'

type Props = Readonly<{ tool: HttpTool; given: JsonObject; variables: JsonObject }>

/** The request as it would be sent, its secrets masked: their values are not on this page. */
export function RequestView({ tool, given, variables }: Props) {
  const rendered = useMemo(() => {
    const secrets = Object.fromEntries(Object.values(tool.secrets ?? {}).map((reference) => [reference, MASK]))
    return renderRequest(tool, { arguments: given, variables, secrets })
  }, [tool, given, variables])
  if (!rendered.ok) return <ErrorNote error={{ message: rendered.problem, hint: rendered.hint, problems: [] }} />
  const { method, url, headers, body } = rendered.request
  return (
    <pre className={classes.request} tabIndex={0} role="region" aria-label="The request as it would be sent">
      <span className={classes.method}>{method}</span> {url}
      {Object.entries(headers).map(([name, value]) => (
        <span key={name}>
          {'\n'}
          <span className={classes.headerName}>{name}</span>: {value}
        </span>
      ))}
      {body !== undefined && (
        <>
          {'\n\n'}
          <JsonText text={body} />
        </>
      )}
    </pre>
  )
}

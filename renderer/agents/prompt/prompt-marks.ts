import type { editor, IRange, Monaco } from '../editor/monaco-setup.ts'
import type { Finding } from '../workspace/check-document.ts'

export type Mark = Readonly<{ start: number; end: number; kind: 'variable' | 'field' }>

/** Where variables and names of fields stand in a prompt, as offsets. */
export function findMarks(text: string, fields: readonly string[]): readonly Mark[] {
  const at = (kind: Mark['kind']) => (match: RegExpMatchArray) => {
    const start = match.index ?? 0
    return { start, end: start + match[0].length, kind }
  }
  const variables = [...text.matchAll(/\{\{[^{}]*\}\}|\{%[^{}]*%\}/g)].map(at('variable'))
  const names = fields.filter((name) => /^\w+$/.test(name))
  if (names.length === 0) return variables
  return [...variables, ...[...text.matchAll(new RegExp(`\\b(?:${names.join('|')})\\b`, 'g'))].map(at('field'))]
}

const toRange = (model: editor.ITextModel, start: number, end: number): IRange => {
  const from = model.getPositionAt(start)
  const to = model.getPositionAt(end)
  return { startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column }
}

export const toDecorations = (model: editor.ITextModel, marks: readonly Mark[]): editor.IModelDeltaDecoration[] =>
  marks.map(({ start, end, kind }) => ({ range: toRange(model, start, end), options: { inlineClassName: `greenroom-${kind}` } }))

/** Findings of the instructions; one without a place in the text stands in the list of problems only. */
export function toMarkers(monaco: Monaco, model: editor.ITextModel, findings: readonly Finding[]): editor.IMarkerData[] {
  const severity = {
    error: monaco.MarkerSeverity.Error,
    warning: monaco.MarkerSeverity.Warning,
    info: monaco.MarkerSeverity.Info,
  }
  return findings.flatMap((finding) =>
    finding.range && finding.path.startsWith('/prompt_config/instructions')
      ? [
          {
            ...toRange(model, finding.range.start, finding.range.end),
            severity: severity[finding.severity],
            message: finding.hint ? `${finding.message}\n${finding.hint}` : finding.message,
          },
        ]
      : [],
  )
}

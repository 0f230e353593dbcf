import { useMemo } from 'react'
import { isJsonObject } from '../../../core/json.ts'
import { showValue } from '../parse-value.ts'
import { readFields } from '../output/field-rows.ts'
import { variableDetail } from '../prompt/completions.ts'
import { declaredVariables } from '../prompt/prompt-variables.ts'
import { useVariableRows } from '../prompt/use-variable-rows.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import type { TemplateWord } from './template-completion.ts'
import { entriesOf } from './entries.ts'
import { useTool } from './tool-context.ts'

/** What the templates of the open tool can name: what the LLM fills in, its secrets, the variables of the call. */
export function useTemplateWords(): readonly TemplateWord[] {
  const { content } = useWorkspace()
  const { index, at } = useTool()
  const variables = useVariableRows(content)
  const secrets = at('secrets')
  return useMemo(() => {
    const declared = declaredVariables(content)
    return [
      ...readFields(content, ['tools', index, 'parameters']).map(({ field_name, field_type, description }) => ({
        name: `arguments.${field_name}`,
        detail: description || field_type,
      })),
      ...entriesOf(isJsonObject(secrets) ? secrets : {}).map(([name, reference]) => ({
        name: `secrets.${name}`,
        detail: showValue(reference),
      })),
      ...variables.map(({ name }) => ({ name, detail: variableDetail(declared[name]) })),
    ]
  }, [content, index, secrets, variables])
}

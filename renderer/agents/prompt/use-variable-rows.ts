import { useEffect, useMemo, useState } from 'react'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { promptTemplate, variableRows, type VariableRow } from './prompt-variables.ts'

/** All variables of the prompt; only the declared ones until the parser of templates is here. */
export function useVariableRows(content: DocumentJson): readonly VariableRow[] {
  const template = promptTemplate(content)
  const [used, setUsed] = useState<readonly string[]>()
  useEffect(() => {
    let current = true
    void import('./used-variables.ts').then(({ usedVariables }) => current && setUsed(usedVariables(template)))
    return () => {
      current = false
    }
  }, [template])
  return useMemo(() => variableRows(content, used), [content, used])
}

import { useMemo } from 'react'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { speechCost, type SpeechCost } from '../../../core/output/speech-cost.ts'
import { readFields, spokenField, steeringFields, type FieldRow } from './field-rows.ts'

/** A row as the rules of core read it; a limit that is no number yet is left out. */
export const toRule = (row: FieldRow) => ({
  field_name: row.field_name,
  field_type: row.field_type,
  description: row.description,
  required: row.required,
  ...(row.default === undefined ? {} : { default: row.default }),
  constraints: Object.fromEntries(
    Object.entries(row.constraints).filter(([name, value]) =>
      name === 'pattern' ? typeof value === 'string' : typeof value === 'number',
    ),
  ),
})

export const useSpeechCost = (content: DocumentJson): SpeechCost =>
  useMemo(() => speechCost(readFields(content).map(toRule), spokenField(content), steeringFields(content)), [content])

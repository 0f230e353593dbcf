import { orderedDocument } from '../../../core/agent/ordered-document.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { textAt, withValueAt } from '../document-edit.ts'

const INSTRUCTIONS = ['prompt_config', 'instructions'] as const

/** A document as people compare it: the prompt as text, everything else as JSON in a stable order. */
export const documentText = (content: DocumentJson): Readonly<{ prompt: string; rest: string }> => ({
  prompt: textAt(content, INSTRUCTIONS),
  rest: `${JSON.stringify(orderedDocument(withValueAt(content, INSTRUCTIONS, undefined)), null, 2)}\n`,
})

import type { AgentDocument } from '../../../core/agent/document.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { useDocumentCheck } from './use-document-check.ts'

/** The parsed document, or undefined while what is typed is not valid. */
export function useParsedDocument(content: DocumentJson | undefined): AgentDocument | undefined {
  return useDocumentCheck(content)?.document
}

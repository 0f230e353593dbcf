import { DocumentJson } from '../../../core/contract/agents.ts'

/** A document as its column holds it; the text is ours, so anything but an object is damage. */
export const readDocument = (text: string): DocumentJson => DocumentJson.parse(JSON.parse(text))

export const writeDocument = (content: DocumentJson): string => JSON.stringify(content)

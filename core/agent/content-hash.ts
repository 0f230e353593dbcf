import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { StudioError } from '../contract/errors.ts'
import type { JsonObject } from '../json.ts'
import { agentContent } from './agent-content.ts'

/**
 * SHA-256, hex, of the content's canonical JSON (RFC 8785). State inside the document does not count. Throws `invalid_document` for text
 * that is not Unicode.
 */
export const contentHash = (content: JsonObject): string => bytesToHex(sha256(utf8ToBytes(canonical(agentContent(content)))))

function canonical(content: JsonObject): string {
  try {
    return canonicalize(content) ?? ''
  } catch (cause) {
    // Half a surrogate pair; of JSON there is nothing else that has no canonical form.
    throw new StudioError(
      'invalid_document',
      'A text in the document has half a character in it (a lone surrogate).',
      'Remove it; it may look like a small box or a question mark.',
      [],
      { cause },
    )
  }
}

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import type { JsonObject } from '../json.ts'
import { agentContent } from './agent-content.ts'

/** SHA-256, hex, of the content's canonical JSON (RFC 8785). State inside the document does not count. */
export const contentHash = (content: JsonObject): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalize(agentContent(content)) ?? '')))

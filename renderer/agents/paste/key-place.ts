import { valueAt, withValueAt, pointerParts } from '../document-edit.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { isJsonObject } from '../../../core/json.ts'

/** Where in a tool a key was about to be pasted: into a template of its request, or where a reference belongs. */
export type KeyPlace = Readonly<{ tool: number; as: 'template' | 'reference' }>

/** Of the place that a pointer names; nothing outside of a tool's request. */
export function keyPlace(pointer: string | undefined): KeyPlace | undefined {
  const [part, index, key] = pointerParts(pointer ?? '')
  const tool = Number(index)
  if (part !== 'tools' || !Number.isInteger(tool)) return undefined
  if (key === 'secrets') return { tool, as: 'reference' }
  return key === 'url' || key === 'headers' || key === 'body' ? { tool, as: 'template' } : undefined
}

/** What stands where the key would have: the tool's own name for it, or the reference itself. */
export const keyText = (place: KeyPlace, name: string): string =>
  place.as === 'reference' ? `secret:${name}` : `{{ secrets.${templateName(name)} }}`

/** A template's name leads to the reference; one that leads elsewhere already stays. */
export function withToolSecret(content: DocumentJson, place: KeyPlace, name: string): DocumentJson {
  if (place.as === 'reference') return content
  const path = ['tools', place.tool, 'secrets', templateName(name)]
  const tool = valueAt(content, ['tools', place.tool])
  return isJsonObject(tool) ? withValueAt(content, path, `secret:${name}`) : content
}

/** As templates take names: `my-crm` → `my_crm`. */
function templateName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')
  return /^[a-z]/.test(plain) ? plain : `key_${plain}`
}

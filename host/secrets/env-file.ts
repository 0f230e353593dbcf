import { parse } from 'dotenv'
import { findSecrets } from '../../core/agent/secret-scan.ts'
import type { OutputOf } from '../../core/contract/index.ts'
import { SecretName } from '../../core/contract/secrets.ts'

/** One line of a .env file. `value` is a secret: it goes into the store and nowhere else. */
export type EnvEntry = Readonly<{ name: string; line: number; value: string; skip?: string }>

/** What stands in a .env file, and why some of it is not taken: only `names`, or else what looks like a key. */
export function readEnvFile(text: string, names?: readonly string[]): readonly EnvEntry[] {
  const lines = text.split(/\r\n|\n|\r/)
  return Object.entries(parse(text)).map(([name, value]) => {
    const line = lines.findLastIndex((one) => nameOf(one) === name) + 1
    const skip = reasonToSkip(name, value, names)
    return { name, line, value, ...(skip !== undefined && { skip }) }
  })
}

/** The same without any value, for somebody to choose from. */
export function previewEnvFile(text: string): OutputOf<'secret.preview_env'>['entries'] {
  const entries = readEnvFile(text)
  const named = readEnvFile(
    text,
    entries.map(({ name }) => name),
  )
  return entries.map(({ name, line, skip }, at) => ({
    name,
    line,
    possible: named[at]?.skip === undefined,
    ...(skip !== undefined && { skip }),
  }))
}

const nameOf = (line: string) => /^\s*(?:export\s+)?([\w.-]+)\s*[=:]/.exec(line)?.[1]

function reasonToSkip(name: string, value: string, names: readonly string[] | undefined): string | undefined {
  if (names && !names.includes(name)) return 'not asked for'
  if (value.trim() === '') return 'empty'
  if (!SecretName.safeParse(name).success) return 'the name cannot be that of a secret'
  if (names) return undefined
  return looksLikeKey(name, value) ? undefined : 'does not look like a key'
}

/** By its name, or by the shape of its value. */
const looksLikeKey = (name: string, value: string) =>
  /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i.test(name) || findSecrets({ [name]: value }).length > 0

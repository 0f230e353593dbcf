import { SecretReference } from '../../core/agent/secret-reference.ts'
import type { Connection, InputOf } from '../../core/contract/index.ts'

/** A connection as it is typed. Key and secret: a reference, or what was pasted; empty leaves what is there. */
export type ConnectionDraft = Readonly<{ name: string; url: string; api_key: string; api_secret: string }>

export type DraftProblems = Readonly<Partial<Record<keyof ConnectionDraft, string>>>
export type ConnectionSave = InputOf<'connection.save'>
/** What is stored first, and what is saved then; values never go into the connection itself. */
export type ReadDraft = Readonly<{
  problems: DraftProblems
  secrets: readonly Readonly<{ name: string; value: string }>[]
  save: ConnectionSave
}>

export const draftOf = (connection: Connection | undefined): ConnectionDraft => ({
  name: connection?.name ?? '',
  url: connection?.url ?? '',
  api_key: '',
  api_secret: '',
})

export const isReference = (text: string): boolean => SecretReference.safeParse(text.trim()).success

/** `Acme (EU)` → `acme-eu`. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40) || 'server'

/** With or without a scheme: the host reads an address as people paste it, and says what is wrong with it. */
const ADDRESS = /^((wss?|https?):\/\/)?(\[[\da-f:]+\]|[\w.-]+)(:\d+)?(\/\S*)?$/i

export function readDraft(draft: ConnectionDraft, existing: Connection | undefined): ReadDraft {
  const name = draft.name.trim()
  const url = draft.url.trim()
  const named = slug(name)
  const key = readSecret(draft.api_key, `livekit-${named}-key`)
  const secret = readSecret(draft.api_secret, `livekit-${named}-secret`)
  const problems: DraftProblems = {
    ...(name === '' ? { name: 'Give it a name, so that you know it again.' } : {}),
    ...(ADDRESS.test(url) ? {} : { url: 'The server’s address is needed, such as wss://acme.livekit.cloud or localhost:7880.' }),
    ...(key.reference === undefined && !existing?.api_key ? { api_key: 'The server’s API key is needed.' } : {}),
    ...(secret.reference === undefined && !existing?.api_secret ? { api_secret: 'The server’s API secret is needed.' } : {}),
  }
  return {
    problems,
    secrets: [key.store, secret.store].flatMap((store) => store ?? []),
    save: {
      ...(existing ? { connection_id: existing.connection_id } : {}),
      name,
      url,
      ...(key.reference === undefined ? {} : { api_key: key.reference }),
      ...(secret.reference === undefined ? {} : { api_secret: secret.reference }),
    },
  }
}

type ReadSecret = Readonly<{ reference?: string; store?: Readonly<{ name: string; value: string }> }>

function readSecret(typed: string, name: string): ReadSecret {
  const text = typed.trim()
  if (text === '') return {}
  return isReference(text) ? { reference: text } : { reference: `secret:${name}`, store: { name, value: text } }
}

/** What brings a deleted connection back. */
export const restoreOf = ({ connection_id, name, url, api_key, api_secret, serve, automatic }: Connection): ConnectionSave => ({
  connection_id,
  name,
  ...(url === undefined ? {} : { url }),
  ...(api_key === undefined ? {} : { api_key }),
  ...(api_secret === undefined ? {} : { api_secret }),
  serve,
  automatic,
})

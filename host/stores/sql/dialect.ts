import type { Expression, Kysely, RawBuilder, SqlBool } from 'kysely'

/** Where the databases differ; all else is said to both in the same words. */
export type Dialect = Readonly<{
  /** Whether the column's text has this text in it, letter by letter. */
  contains: (column: 'search_text' | 'tags', text: string) => Expression<SqlBool>
  /** Text of `routing` of head as it stands beside the agent; empty: the document has none. */
  routing: RawBuilder<string | null>
  /** Whether a word begins a word that was said in a session, or stands in its agent's name or id, or its end reason. */
  matchesWord: (word: string) => Expression<SqlBool>
  /** Ends a query whose rows nobody else changes until the transaction is over. */
  forUpdate: RawBuilder<unknown>
  /** The same of deliveries, without those that somebody else holds so. */
  skipLockedDeliveries: RawBuilder<unknown>
  /** Last before a commit appends to the feed: from here on, commits of all instances happen in the order of their entries. */
  enterFeed: <Schema>(db: Kysely<Schema>) => Promise<void>
  /** In a transaction: who watches for commands is told once it is committed. */
  tellCommand: <Schema>(db: Kysely<Schema>) => Promise<void>
}>

/**
 * How an operation is reached over HTTP by clients of the production API. Path parameters, then query parameters (read as the input's types
 * say), then the body's keys become the input.
 */
export type Rest = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With fastify's `:parameters`, each of which is a key of the input. */
  path: `/api/${string}`
  /** Of a success; 204 where the reply is absent. Default 200. */
  status?: 201
  /** The key of the input that the whole body becomes; absent: the body's keys are input keys. */
  body?: string
  /** Keys that the documentation shows in the query although there may be a body; others are taken there as well. */
  query?: readonly string[]
  /** The key of the output that is the whole reply; absent: the output is. A key `etag` beside it becomes the header. */
  reply?: string
}>

/** Set by `If-Match` where an input has this key: the write happens only to what the reader saw. */
export const IF_MATCH = 'if_match'

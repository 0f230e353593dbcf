import type { IncomingMessage } from 'node:http'

/** The headers of an upgrade as they cross to the process that answers it. */
export const textHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))

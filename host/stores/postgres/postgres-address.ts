import { StudioError } from '../../../core/contract/errors.ts'

/** Without user, password and options, as it may be shown. */
export function showAddress(url: string): string {
  const { hostname, port, pathname } = parse(url)
  return `postgres://${hostname}${port === '' ? '' : `:${port}`}${pathname}`
}

function parse(url: string): URL {
  try {
    return new URL(url)
  } catch {
    const hint = 'Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special letters of the password percent-encoded.'
    throw new StudioError('malformed', 'The address of the database cannot be read.', hint)
  }
}

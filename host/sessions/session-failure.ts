import { StudioError } from '../../core/contract/errors.ts'

/** What went wrong as people may read it; what is not meant for them becomes a plain `internal`. */
export const causeOf = (error: unknown): StudioError =>
  error instanceof StudioError
    ? error
    : new StudioError('internal', 'Something unexpected went wrong in the host.', 'Try again; the log has the details.', [], {
        cause: error,
      })

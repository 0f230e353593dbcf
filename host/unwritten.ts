import { StudioError } from '../core/contract/errors.ts'

/** Stands where a part is on its way; goes when the last of them has come. */
export const unwritten = (what: string) => async (): Promise<never> => {
  throw new StudioError('unavailable', `${what} is not there yet.`, 'It comes with the next version.')
}

import { StudioError } from '../../../core/contract/errors.ts'
import type { Connection } from '../connection.ts'

/** The provider's safety rules stopped a reply. */
export const declined = ({ context }: Connection, reason: string | null | undefined): StudioError =>
  new StudioError(
    'provider_failed',
    `The LLM (${context.name}) declined to answer${reason ? ` (${reason})` : ''}`,
    'Its safety rules stopped the reply; look at what the prompt asks for.',
  )

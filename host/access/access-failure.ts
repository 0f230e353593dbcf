import { StudioError } from '../../core/contract/errors.ts'

/** One text for every credential that does not do: which part of it was wrong is for its owner to know. */
export const refusedCredential = (): StudioError =>
  new StudioError(
    'unauthorized',
    'The credential is not valid.',
    'Send a key that is not expired or revoked as "Authorization: Bearer gr_…", or a token of the configured issuer.',
  )

export const noCredential = (): StudioError =>
  new StudioError(
    'unauthorized',
    'This needs a credential.',
    'Send an API key as "Authorization: Bearer gr_…" or "x-api-key: gr_…". An admin makes keys with POST /api/v1/keys.',
  )

export const notLoopback = (): StudioError =>
  new StudioError(
    'forbidden',
    'Without authentication only this machine may ask.',
    'Start the server without --insecure, and use an API key.',
  )

export const otherTenant = (): StudioError =>
  new StudioError(
    'forbidden',
    'The credential belongs to another tenant.',
    'Leave the header x-greenroom-tenant out, or use an operator’s key.',
  )

export const noTenant = (tenant_id: string): StudioError =>
  new StudioError('not_found', `There is no tenant "${tenant_id.slice(0, 64)}".`, 'See /api/v1/tenants for those that there are.')

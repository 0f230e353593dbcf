/** Where what a tenant names may lead. `public`: nowhere inside the network of the server (address-rule.ts). */
export type Reach = 'anywhere' | 'public'

/** Variable with the networks that an admin of the server allows to every tenant all the same. */
export const ALLOWED = 'GREENROOM_ALLOWED_ADDRESSES'

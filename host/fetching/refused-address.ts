/** `code: 'EREFUSED'`: what a tenant named leads where a tenant may not reach. */
export class RefusedAddress extends Error {
  readonly code = 'EREFUSEDADDRESS'
  constructor(host: string, kind: string) {
    super(`${host} is ${kind}, which this tenant may not reach`)
    this.name = 'RefusedAddress'
  }
}

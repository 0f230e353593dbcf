/** `code: 'EOFFLINE'`. */
export class OfflineError extends Error {
  readonly code = 'EOFFLINE'
  constructor(host: string) {
    super(`Greenroom is offline: ${host} was not asked`)
    this.name = 'OfflineError'
  }
}

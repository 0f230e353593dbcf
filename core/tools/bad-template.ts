/** Why there is no request, in words that hold no value. */
export class BadTemplate extends Error {
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

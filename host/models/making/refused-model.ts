/** What was given is no model that can be used. Message and hint are for its user. */
export class RefusedModel extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.name = 'RefusedModel'
    this.hint = hint
  }
}

/** What an extension did wrong, for the timeline: what, where, and how it is mended. */
export class ExtensionFailure extends Error {
  /** File and line, as far as they are known. */
  readonly where: string | undefined
  readonly hint: string

  constructor(message: string, { where, hint }: Readonly<{ where?: string | undefined; hint: string }>) {
    super(message)
    this.where = where
    this.hint = hint
  }

  /** The same, for whoever shows the message alone. */
  withPlace(): ExtensionFailure {
    const { message, where, hint } = this
    return where === undefined ? this : new ExtensionFailure(`${message} (${where})`, { where, hint })
  }
}

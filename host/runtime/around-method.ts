export type Call = Readonly<{ self: unknown; args: readonly unknown[]; proceed: (args?: readonly unknown[]) => unknown }>

/** Replaces a method by one that may go on with the original, with other arguments too. */
export function aroundMethod(owner: object, method: string, handle: (call: Call) => unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, method)
  const original: unknown = descriptor?.value
  if (typeof original !== 'function') throw new Error(`there is no ${method} to put a guard in front of`)
  const value = new Proxy(original, {
    apply: (target, self: unknown, args: unknown[]): unknown =>
      handle({ self, args, proceed: (others = args): unknown => Reflect.apply(target, self, others) }),
  })
  Object.defineProperty(owner, method, { ...descriptor, value })
}

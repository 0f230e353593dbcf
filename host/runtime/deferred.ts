/** A promise and the two ways to settle it; nobody has to listen to its failure. */
export type Deferred<Value> = Readonly<{
  promise: Promise<Value>
  resolve: (value: Value) => void
  reject: (error: unknown) => void
}>

export function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = ignore
  let reject: (error: unknown) => void = ignore
  const promise = new Promise<Value>((settle, fail) => {
    resolve = settle
    reject = fail
  })
  promise.catch(ignore)
  return { promise, resolve, reject }
}

const ignore = (): void => undefined

/** The part of liquidjs that core uses. Its own types pull Node's into folders that must not see them. */
export class Liquid {
  constructor(options?: {
    strictVariables?: boolean
    strictFilters?: boolean
    ownPropertyOnly?: boolean
    jsTruthy?: boolean
    renderLimit?: number
    parseLimit?: number
    memoryLimit?: number
    /** What every printed value goes through, unless its last filter is `raw`. */
    outputEscape?: (value: unknown) => string
    /** Templates that `include` and the like may name; given, no file is ever read. */
    templates?: Record<string, string>
  })
  /** The names that tags go by: `if`, `for`, `include` … */
  readonly tags: Record<string, unknown>
  registerFilter(name: string, filter: { handler: (value: unknown) => string; raw: boolean }): void
  parse(template: string): unknown[]
  parseAndRenderSync(template: string, scope?: object): string
  renderSync(template: unknown[], scope?: object): string
  variableSegmentsSync(template: string | unknown[]): (string | number)[][]
  globalVariableSegmentsSync(template: string | unknown[]): (string | number)[][]
}
export class LiquidError extends Error {
  token: { begin: number; end: number; getPosition(): [number, number] }
}

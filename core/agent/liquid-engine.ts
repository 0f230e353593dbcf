import { Liquid } from 'liquidjs'

// Templates come from strangers too (imported bundles): they may not read files, reach prototypes, or run or grow without end.
const LONGEST_TEMPLATE = 250_000
const RENDER_MS = 200
const ALLOCATIONS = 1_000_000

/** Tags that would name other templates; there are none. */
const WITHOUT = new Set(['include', 'render', 'layout', 'block'])

/** Liquid as prompts and greetings may use it: values, filters, conditions, loops, within limits. `escape`: of every printed value. */
export function createLiquid(escape?: (value: unknown) => string): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    jsTruthy: false,
    parseLimit: LONGEST_TEMPLATE,
    renderLimit: RENDER_MS,
    memoryLimit: ALLOCATIONS,
    templates: {},
    ...(escape && { outputEscape: escape }),
  })
  for (const tag of WITHOUT) delete liquid.tags[tag]
  return liquid
}

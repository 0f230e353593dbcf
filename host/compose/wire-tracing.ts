import { createOpenFetch } from '../fetching/open-fetch.ts'
import type { Metrics } from '../http/metrics.ts'
import { productVersion } from '../product-version.ts'
import { environmentTargets } from '../tracing/environment-targets.ts'
import { createTracing, type Tracing } from '../tracing/tracing.ts'
import type { Base } from './base.ts'
import type { Asking } from './wire-runtime.ts'

/** What a collector says is short. */
const MOST_BYTES = 64_000

/** Traces of calls, to where the environment or an agent says. */
export function wireTracing(
  { host_id, own, log, clock, secretsFor, closing }: Base,
  { offline, reach }: Asking,
  metrics: Metrics,
): Tracing {
  const environment = process.env
  const targets = environmentTargets(environment, createOpenFetch(MOST_BYTES))
  const tracing = createTracing({
    ...{
      own: own.tenant_id,
      targets,
      environment,
      secretsFor,
      fetchOf: reach.fetchOf,
      version: productVersion(),
      host_id,
      offline,
      log,
      clock,
      count: metrics.spansTraced,
    },
  })
  closing.add(tracing.close)
  return tracing
}

import type { RoutingConfig } from './routing-config.ts'

/** What leads to the sample agents, for those that were stored before documents said it themselves. */
export const SAMPLE_ROUTING: Readonly<Record<string, RoutingConfig>> = {
  'support-agent-v1': { purposes: ['support'] },
  'sales-agent-v1': { purposes: ['sales'] },
  'onboarding-agent-v1': { purposes: ['onboarding'], attributes: [{ key: 'is_new_user' }] },
  'pte-interview-agent-v1': { purposes: ['interview'] },
}

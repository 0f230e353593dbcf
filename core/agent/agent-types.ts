/** Those that need no extension. */
export const AGENT_TYPES: readonly string[] = ['interview', 'support', 'sales', 'onboarding', 'custom']

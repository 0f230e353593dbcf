export const MODES = ['write', 'both', 'preview'] as const
/** What the upper half of the Prompt tab shows. */
export type Mode = (typeof MODES)[number]
export const isMode = (value: unknown): value is Mode => MODES.some((mode) => mode === value)

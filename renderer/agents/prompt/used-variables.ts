import { templateVariables } from '../../../core/agent/template-variables.ts'

/** In a file of its own, because Liquid is loaded after the page can be typed into. */
export const usedVariables = (template: string): readonly string[] => templateVariables(template).map(({ name }) => name)

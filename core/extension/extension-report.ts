import * as z from 'zod'
import { ExtensionTool } from '../tools/tool.ts'

/** An extension as it was loaded, for people and for the process that uses it. */
export const LoadedExtension = z.object({
  /** Below the folder. */
  file: z.string(),
  agent_type: z.string(),
  name: z.string(),
  hooks: z.array(z.enum(['onEnter', 'beforeTurn', 'afterTurn', 'onEvent'])),
  tools: z.array(ExtensionTool),
})
export type LoadedExtension = Readonly<z.infer<typeof LoadedExtension>>

/** What is wrong with a file of the folder, and how it is mended. */
export const ExtensionProblem = z.object({
  file: z.string(),
  line: z.int().optional(),
  message: z.string(),
  hint: z.string(),
})
export type ExtensionProblem = Readonly<z.infer<typeof ExtensionProblem>>

export const ExtensionReport = z.object({
  folder: z.string(),
  extensions: z.array(LoadedExtension),
  problems: z.array(ExtensionProblem),
})
export type ExtensionReport = Readonly<z.infer<typeof ExtensionReport>>

import type { JsonObject } from '../json.ts'
import type { Field } from '../output/field.ts'
import { toPortableSchema } from '../output/json-schema.ts'
import { isActing, isKnownTool, type KnownTool, type Tool } from './tool.ts'

/** A tool as an LLM is told of it. */
export type ToolSpec = Readonly<{ name: string; description: string; parameters: JsonObject }>

/** The tools of a document that this build can run, as an LLM is told of them. */
export const toolSpecs = (tools: readonly Tool[]): readonly ToolSpec[] => knownTools(tools).map(toolSpec)

export const knownTools = (tools: readonly Tool[]): readonly KnownTool[] => tools.filter(isKnownTool)

/** End of call and handoff have none. */
export const parametersOf = (tool: KnownTool): readonly Field[] => (isActing(tool) ? tool.parameters : [])

const toolSpec = (tool: KnownTool): ToolSpec => ({
  name: tool.name,
  description: tool.description.trim() || USUAL[tool.type],
  parameters: toPortableSchema(parametersOf(tool)),
})

const USUAL: Readonly<Record<KnownTool['type'], string>> = {
  http: 'Asks another system.',
  extension: 'Does something in another system.',
  client: "Does something in the caller's app.",
  end_call: 'Ends the call. Call it when the conversation is over; then say goodbye.',
  handoff: 'Hands this call over to another agent.',
}

import * as z from 'zod'
import { fieldDefinitionProblems } from './field-definition.ts'
import { fieldNameProblem } from './field-name.ts'
import { FieldConstraints } from './field-rule.ts'
import { FieldType } from './field-type.ts'

/** One row of the output table, or one parameter of a tool. */
export const Field = z
  .looseObject({
    field_name: z.string().superRefine((name, context) => {
      const problem = fieldNameProblem(name)
      if (problem) context.addIssue(problem)
    }),
    field_type: FieldType,
    description: z.string().default(''),
    required: z.boolean().default(true),
    default: z.json().optional(),
    constraints: FieldConstraints.default({}),
    metadata: z.looseObject({ use_in_tts: z.boolean().optional(), hidden: z.boolean().optional() }).default({}),
  })
  .superRefine((field, context) => {
    for (const { path, message } of fieldDefinitionProblems(field)) context.addIssue({ code: 'custom', path, message })
  })
export type Field = Readonly<z.infer<typeof Field>>

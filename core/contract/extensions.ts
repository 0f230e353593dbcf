import * as z from 'zod'
import { ExtensionProblem, LoadedExtension } from '../extension/extension-report.ts'
import { operation } from './operation.ts'

export const extensionOperations = {
  'extension.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Agent types of the extensions folder, and what is wrong with files in it',
    rest: { method: 'GET', path: '/api/v1/extensions' },
    input: z.object({}),
    /** `state`: `none`, there is no folder; `loading`, no process has told of it yet. */
    output: z.object({
      state: z.enum(['none', 'loading', 'loaded']),
      extensions: z.array(LoadedExtension),
      problems: z.array(ExtensionProblem),
    }),
  }),
} as const

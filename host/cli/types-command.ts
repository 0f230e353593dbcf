import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import * as z from 'zod'
import { parseAgent } from '../../core/agent/parse-agent.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { outputType } from '../../core/output/output-type.ts'
import type { CommandContext } from './command-context.ts'
import { openServer, withServerOptions, type ServerOptions } from './server-link.ts'

type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>
type TypesOptions = ServerOptions & Readonly<{ out?: string }>

/** `greenroom types AGENT`: what a frontend compiles against. Of the studio, or of a server where one is named. */
export function addTypesCommand(command: Command, within: Within, data_dir: () => string): void {
  withServerOptions(command)
    .option('-o, --out <file>', 'write it there instead of printing it')
    .action((agent_id: string, options: TypesOptions) =>
      within(async ({ studio, out, isJson }) => {
        const content = isOfServer(options)
          ? await ofServer(agent_id, options, data_dir())
          : (await (await studio()).call('agent.get', { agent_id })).head.content
        const text = typesOf(agent_id, content)
        if (options.out !== undefined) writeFileSync(options.out, text)
        else if (isJson) out.json({ agent_id, types: text })
        else out.result(text.trimEnd())
        return 0
      }),
    )
}

const isOfServer = ({ server, store }: ServerOptions): boolean =>
  server !== undefined || store !== undefined || Boolean(process.env['GREENROOM_URL'])

async function ofServer(agent_id: string, options: ServerOptions, data_dir: string): Promise<unknown> {
  const link = await openServer(options, data_dir)
  try {
    return await link.call('config.get', { agent_id })
  } finally {
    await link.close()
  }
}

function typesOf(agent_id: string, content: unknown): string {
  const parsed = parseAgent(content)
  const own = z.looseObject({ agent_id: z.string().default(agent_id), name: z.string().default(agent_id) }).safeParse(content)
  if (parsed.ok && own.success) return outputType({ ...own.data, fields: parsed.document.schema_config.fields })
  const problems = parsed.ok ? [] : parsed.problems
  throw new StudioError(
    'invalid_document',
    `The fields of "${agent_id}" cannot be read.`,
    'greenroom validate says what is wrong.',
    [...problems],
  )
}

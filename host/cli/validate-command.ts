import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readPath } from '../bundles/read-source.ts'
import { checkBundle, findingText } from './check-agent.ts'
import type { CommandContext } from './command-context.ts'

/** Exit code 1 when something is an error; warnings alone are 0. A path that exists is read; anything else is an agent's id. */
export async function validateAgents({ studio, out, isJson }: CommandContext, targets: readonly string[]): Promise<number> {
  let errors = 0
  for (const target of targets) {
    const isPath = existsSync(target) || /[\\/]|\.(greenroom|json)$/.test(target)
    const bundle = isPath
      ? await readPath(resolve(target))
      : { content: (await (await studio()).call('agent.get', { agent_id: target })).head.content, versions: [] }
    const findings = checkBundle(bundle)
    errors += findings.filter(({ severity }) => severity === 'error').length
    if (isJson) out.json({ target, findings })
    else for (const found of findings) out.result(`${target.replace(/[\\/]+$/, '')}/${findingText(found)}`)
  }
  if (errors === 0) out.note(targets.length === 1 ? `${targets[0] ?? ''} is valid.` : `${targets.length} agents are valid.`)
  return errors > 0 ? 1 : 0
}

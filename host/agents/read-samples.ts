import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AgentId } from '../../core/contract/ids.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { isJsonObject } from '../../core/json.ts'

export type Sample = Readonly<{ sample_id: AgentId; content: DocumentJson }>

/** The samples that ship with the studio: one folder each, `agent.json` without the prompt and `prompt.md`. */
export async function readSamples(folder: string): Promise<readonly Sample[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(names.sort().map((name) => readSample(folder, name)))
}

/** Beside `host/` in the sources, beside `out/` when built, and beside the built host in a package. */
export function samplesFolder(): string {
  const fromSource = import.meta.url.endsWith('.ts')
  return fileURLToPath(new URL(fromSource ? '../../resources/samples' : '../../../resources/samples', import.meta.url))
}

async function readSample(folder: string, name: string): Promise<Sample> {
  const content = DocumentJson.parse(JSON.parse(await readFile(join(folder, name, 'agent.json'), 'utf8')))
  const prompt = await readFile(join(folder, name, 'prompt.md'), 'utf8')
  const config = content['prompt_config']
  const prompt_config = { ...(isJsonObject(config) && config), instructions: prompt.replace(/\n$/, '') }
  return { sample_id: AgentId.parse(name), content: { ...content, agent_id: name, prompt_config } }
}

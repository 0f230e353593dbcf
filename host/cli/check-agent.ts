import { lintAgent } from '../../core/agent/lint.ts'
import { parseAgent } from '../../core/agent/parse-agent.ts'
import { findSecrets } from '../../core/agent/secret-scan.ts'
import type { AgentBundle } from '../../core/bundle/bundle-format.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { isJsonObject } from '../../core/json.ts'

/** One thing about an agent's files; `place` is the file with a JSON pointer, or with line and column in the prompt. */
export type Finding = Readonly<{ place: string; severity: 'error' | 'warning' | 'info'; message: string; hint: string }>

/** All that is wrong with an agent or could be better: head by every rule, published versions only by whether they are agents without keys in them. */
export const checkBundle = ({ content, versions }: AgentBundle): Finding[] => [
  ...checkHead(content),
  ...versions.flatMap((version) => {
    const parsed = parseAgent(version.content)
    return [...(parsed.ok ? [] : parsed.problems), ...findSecrets(version.content)].map(({ path, message }) =>
      finding(
        `versions/${version.version}/agent.json#${path}`,
        message,
        'A published version cannot be mended; publish a new one.',
      ),
    )
  }),
]

export const findingText = ({ place, severity, message, hint }: Finding): string =>
  `${place}: ${severity === 'error' ? '' : `${severity}: `}${message}${hint ? ` (${hint})` : ''}`

function checkHead(content: DocumentJson): Finding[] {
  return lintAgent(content).map(({ path, range, severity, message, hint }) => ({
    place: placeOf(content, path, range?.start),
    severity,
    message,
    hint,
  }))
}

const finding = (place: string, message: string, hint: string): Finding => ({ place, severity: 'error', message, hint })

/** The prompt has a file of its own, so its findings get a line and a column there. */
function placeOf(content: DocumentJson, path: string, start: number | undefined): string {
  const prompt = content['prompt_config']
  const text = isJsonObject(prompt) ? prompt['instructions'] : undefined
  if (path !== '/prompt_config/instructions' || start === undefined || typeof text !== 'string') return `agent.json#${path}`
  const lines = text.slice(0, start).split('\n')
  return `prompt.md:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

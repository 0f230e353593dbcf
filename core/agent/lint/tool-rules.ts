import { isJsonArray, isJsonObject, type Json } from '../../json.ts'
import { addressHost } from '../../providers/index.ts'
import { isOpenAddress } from '../../tools/open-address.ts'
import { isKnownTool, Tool, type KnownTool } from '../../tools/tool.ts'
import { outputWayOf, toolWayOf } from '../../tools/tool-way.ts'
import { LlmConfig } from '../document.ts'
import { createLiquid } from '../liquid-engine.ts'
import { withoutLiquid } from '../liquid-parts.ts'
import { liquidProblem } from '../prompt.ts'
import { templateVariables } from '../template-variables.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'
import { nearestName } from './nearest-name.ts'

/** What the document's own limits allow. */
const MOST = 50

/** Tools that will not do what is meant. What is beyond the schema is told as that; an unknown agent of a handoff only its host knows. */
export function toolRules(view: LintView): LintFinding[] {
  const rows = isJsonArray(view.content['tools']) ? view.content['tools'].slice(0, MOST) : []
  const tools = rows.flatMap((row, index): Placed[] => {
    const parsed = Tool.safeParse(row)
    return parsed.success ? [{ tool: parsed.data, at: `/tools/${index}` }] : []
  })
  if (tools.length === 0) return []
  return [
    ...tools.flatMap(({ tool, at }) => (isKnownTool(tool) ? knownTool(tool, at, view) : [unknownTool(tool.type, at)])),
    ...modelAndTools(tools, view),
  ]
}

type Placed = Readonly<{ tool: Tool; at: string }>

const unknownTool = (type: string, at: string): LintFinding => ({
  rule: 'tool-type-unknown',
  severity: 'warning',
  path: `${at}/type`,
  message: `this version does not run tools of the type "${type}": the LLM is not told of it`,
  hint: 'It is kept as it is. Types that run: http, client, end_call, handoff.',
})

function knownTool(tool: KnownTool, at: string, view: LintView): LintFinding[] {
  return [...description(tool, at), ...parameters(tool, at), ...(tool.type === 'http' ? httpTool(tool, at, view) : [])]
}

function description(tool: KnownTool, at: string): LintFinding[] {
  if (tool.description.trim() !== '' || tool.type === 'end_call') return []
  const message = `the tool "${tool.name}" has no description: the LLM has only its name to choose by`
  const hint = 'Say what it does and when to call it.'
  return [{ rule: 'tool-description-missing', severity: 'warning', path: `${at}/description`, message, hint }]
}

function parameters(tool: KnownTool, at: string): LintFinding[] {
  if (tool.type !== 'http' && tool.type !== 'client') return []
  return tool.parameters.flatMap(({ field_name, description }, index) =>
    description.trim() === '' && field_name.length < 4
      ? [
          {
            rule: 'tool-parameter-unclear',
            severity: 'info' as const,
            path: `${at}/parameters/${index}/description`,
            message: `"${field_name}" of "${tool.name}" has no description`,
            hint: 'Say what the LLM should fill in, with an example.',
          },
        ]
      : [],
  )
}

type Http = Extract<KnownTool, { type: 'http' }>

function httpTool(tool: Http, at: string, view: LintView): LintFinding[] {
  const templates: readonly Template[] = [
    { text: tool.url, path: `${at}/url` },
    ...Object.entries(tool.headers ?? {}).map(([name, text]) => ({ text, path: `${at}/headers/${pointer(name)}` })),
    ...(tool.body === undefined ? [] : [{ text: tool.body, path: `${at}/body` }]),
  ]
  return [
    ...address(tool, at),
    ...templates.flatMap((template) => [...syntax(template), ...unknownNames(template, tool, view)]),
    ...unusedSecrets(tool, at, templates),
  ]
}

type Template = Readonly<{ text: string; path: string }>
const pointer = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** An address whose beginning is a template is known only in the call. */
function address({ url, name }: Http, at: string): LintFinding[] {
  const path = `${at}/url`
  const found: LintFinding[] = []
  const open = isOpenAddress(url)
  if (open || /\{\{[^}]*\barguments\b[^}]*\|\s*raw\b/.test(url)) {
    const message = `"${name}" puts an argument into its URL ${open ? 'where the server stands' : 'as it is'}: whoever talks to the agent may change where it leads`
    const hint = open
      ? 'Write the server itself, or a variable. A tool with secrets does not run like this.'
      : 'Leave "| raw" away: values are encoded then.'
    found.push({ rule: 'tool-url-open', severity: 'warning', path, message, hint })
  }
  const begins = /^\s*\{[{%]/.test(url)
  const plain = withoutLiquid(url).replaceAll(/\s+/g, 'x').trim()
  if (begins || (/^https?:/i.test(plain) && addressHost(plain))) {
    if (
      /^\s*http:/i.test(url) &&
      /\bsecrets\./.test(JSON.stringify([url])) &&
      !/^https?:\/\/(?:localhost|127\.|\[::1\])/i.test(url)
    )
      found.push({
        rule: 'tool-secret-in-plain-text',
        severity: 'warning',
        path,
        message: `"${name}" sends a secret in plain text`,
        hint: 'Write https://.',
      })
    return found
  }
  const hint = 'Write the whole address, such as https://shop.example/orders/{{ arguments.order_id }}.'
  return [...found, { rule: 'tool-url', severity: 'error', path, message: `the URL of "${name}" is none`, hint }]
}

function syntax({ text, path }: Template): LintFinding[] {
  try {
    createLiquid().parse(text)
    return []
  } catch (cause) {
    const hint = 'Mend the {{ }} or {% %}; until then the tool fails when it is called.'
    return [{ rule: 'liquid-syntax', severity: 'error', path, message: liquidProblem(cause), hint }]
  }
}

function unknownNames({ text, path }: Template, tool: Http, view: LintView): LintFinding[] {
  const given = tool.parameters.map(({ field_name }) => `arguments.${field_name}`)
  const secrets = Object.keys(tool.secrets ?? {}).map((name) => `secrets.${name}`)
  const variables = Object.keys(view.dynamic_vars)
  const known = [...given, ...secrets, ...variables, 'arguments', 'secrets']
  const isKnown = (name: string) =>
    known.some(
      (one) =>
        name === one || (name.startsWith(`${one}.`) && one !== 'arguments' && one !== 'secrets') || one.startsWith(`${name}.`),
    )
  return templateVariables(text)
    .filter(({ name, has_default }) => !has_default && !isKnown(name))
    .flatMap(({ name, ranges }) => {
      const meant = nearestName(
        name,
        known.filter((one) => one.includes('.') || variables.includes(one)),
      )
      const place = name.startsWith('secrets.')
        ? 'secrets of this tool'
        : name.startsWith('arguments.')
          ? 'parameters of this tool'
          : 'variables'
      const hint = meant ? `Did you mean "${meant}"?` : `Add it to the ${place}, or write {{ ${name} | default: "…" }}.`
      const range = ranges[0]
      const message = `"${name}" is none of the ${place}: nothing stands in its place`
      return [{ rule: 'tool-template-name', severity: 'warning' as const, path, message, hint, ...(range && { range }) }]
    })
}

function unusedSecrets(tool: Http, at: string, templates: readonly Template[]): LintFinding[] {
  const all = templates.map(({ text }) => text).join('\n')
  return Object.keys(tool.secrets ?? {})
    .filter((name) => !new RegExp(`secrets(?:\\.${name}\\b|\\[)`).test(all))
    .map((name) => ({
      rule: 'tool-secret-unused',
      severity: 'info' as const,
      path: `${at}/secrets/${name}`,
      message: `the secret "${name}" of "${tool.name}" is used nowhere`,
      hint: `Write {{ secrets.${name} }} where it belongs, or remove it.`,
    }))
}

/** A model that cannot call tools, or cannot while it keeps to a schema. */
function modelAndTools(tools: readonly Placed[], view: LintView): LintFinding[] {
  const parsed = LlmConfig.safeParse(isJsonObject(view.content['llm_config']) ? view.content['llm_config'] : {})
  const known = tools.filter(({ tool }) => isKnownTool(tool))
  if (!parsed.success || known.length === 0) return []
  const asked = { llm_config: parsed.data, tools: known.map(({ tool }) => tool) }
  const path = '/llm_config/provider'
  if (toolWayOf(asked) === 'none') {
    const message = `${parsed.data.provider} does not call tools here: the agent's tools are not used`
    return [{ rule: 'tools-unsupported', severity: 'error', path, message, hint: 'Choose another LLM, or remove the tools.' }]
  }
  const before: Json = outputWayOf({ llm_config: parsed.data, tools: [] })
  if (!view.has_fields || outputWayOf(asked) === before) return []
  const message = `with tools, ${parsed.data.provider} is told the fields in the prompt: it does not keep to a schema and call tools at the same time`
  return [
    {
      rule: 'tools-without-schema',
      severity: 'info',
      path,
      message,
      hint: 'Look at the first replies; a large model keeps to the fields anyway.',
    },
  ]
}

import { InvalidArgumentError, type Command } from 'commander'
import { StudioError } from '../../core/contract/errors.ts'
import type { InputOf, OutputOf } from '../../core/contract/index.ts'
import { isJsonObject, parseJson } from '../../core/json.ts'
import { RULE_NAMES } from '../../core/routing/rule-names.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'

type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>
type RouteOptions = Readonly<{
  dispatch?: string
  metadata?: string
  roomMetadata?: string
  room?: string
  identity?: string
  participantMetadata?: string
  attribute: readonly string[]
  at?: number
  early?: boolean
  untrusted?: boolean
}>

export function addRouteCommand(command: Command, within: Within): void {
  command
    .option('--metadata <json>', 'of the job, e.g. \'{"purpose": "support"}\'')
    .option('--dispatch <name>', 'dispatch name')
    .option('--room <name>', 'name of the room')
    .option('--room-metadata <json>', 'of the room')
    .option('--identity <identity>', 'of the caller', 'caller')
    .option('--participant-metadata <json>', 'of the caller')
    .option('--attribute <key=value>', 'of the caller; may be given often', (pair: string, all: string[]) => [...all, pair], [])
    .option('--at <time>', 'as if it were then, ISO 8601', moment)
    .option('--early', 'before anybody has joined')
    .option('--untrusted', 'the caller may write its own metadata')
    .action((options: RouteOptions) => within((context) => showRoute(context, options)))
}

/** 0 when somebody answers, 1 when nobody does. */
async function showRoute({ studio, out, isJson }: CommandContext, options: RouteOptions): Promise<number> {
  const request = requestOf(options)
  const decision = await (await studio()).call('route.decide', request)
  if (isJson) out.json(decision)
  else out.result(linesOf(decision).join('\n'))
  return decision.agent_id === undefined ? 1 : 0
}

function requestOf(options: RouteOptions): InputOf<'route.decide'> {
  const { dispatch = '', room = '', identity = 'caller', at, early = false } = options
  return {
    dispatch_name: dispatch,
    job_metadata: objectText('--metadata', options.metadata),
    room_name: room,
    room_metadata: objectText('--room-metadata', options.roomMetadata),
    ...(!early && {
      participant: {
        identity,
        metadata: objectText('--participant-metadata', options.participantMetadata),
        attributes: Object.fromEntries(options.attribute.map(pairOf)),
      },
    }),
    ...(options.untrusted && { caller_may_write: true }),
    ...(at !== undefined && { at }),
  }
}

function linesOf({ agent_id, reason, rules, refused, user_id, overrides }: OutputOf<'route.decide'>): string[] {
  const rows = rules.map(({ rule, result, reason: why }) => [RULE_NAMES[rule], result.replace('_', ' '), why])
  return [
    `${agent_id ?? 'nobody'}: ${reason}`,
    '',
    table([['RULE', 'RESULT', 'WHY'], ...rows]),
    ...(user_id === undefined ? [] : ['', `user ${user_id}`]),
    ...(Object.keys(overrides).length > 0 ? ['', `overrides ${JSON.stringify(overrides)}`] : []),
    ...(refused.length > 0 ? ['', ...refused.map(({ path, message }) => `refused ${path}: ${message}`)] : []),
  ]
}

/** In a real call such text would say nothing; on the command line it is a slip. */
function objectText(option: string, text = ''): string {
  if (text === '' || isJsonObject(parseJson(text))) return text
  throw new StudioError('malformed', `${option} is no JSON object.`, `Write ${option} '{"purpose": "support"}'.`)
}

function pairOf(pair: string): [string, string] {
  const [, key, value] = /^([^=]+)=([^]*)$/.exec(pair) ?? []
  if (key !== undefined && value !== undefined) return [key, value]
  throw new StudioError('malformed', `"${pair}" is no attribute.`, 'Write --attribute tier=premium.')
}

function moment(text: string): number {
  const at = Date.parse(text)
  if (Number.isFinite(at)) return at
  throw new InvalidArgumentError('It must be a time such as 2026-11-23T09:30:00+01:00.')
}

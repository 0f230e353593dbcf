import { describe, expect, test } from 'vitest'
import { AgentId } from '../contract/ids.ts'
import type { RouteWeights } from '../contract/routing.ts'
import { awaitsParticipant, decideRoute, signedUser, type RouteOptions } from './decide-route.ts'
import { routableAgent, routeBook, type RoutableAgent } from './route-book.ts'
import { RouteRequest } from './route-request.ts'
import type { RoutingConfig } from './routing-config.ts'

type Changes = Partial<Pick<RoutableAgent, 'name' | 'enabled' | 'is_default'>>

function agent(id: string, routing: RoutingConfig = {}, changes: Changes = {}): RoutableAgent {
  const state = { agent_id: AgentId.parse(id), name: id, enabled: true, is_default: false, agent_type: 'custom', ...changes }
  return routableAgent(state, routing)
}

const weekdays = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '09:00', to: '17:00', time_zone: 'Europe/Berlin' }
const AGENTS = [
  agent('support-agent', { purposes: ['Support', 'help'] }, { name: 'Help desk' }),
  agent('sales-agent', { purposes: ['sales'] }),
  agent('welcome', { attributes: [{ key: 'is_new_user' }] }),
  agent('premium', { attributes: [{ key: 'tier', equals: ['Premium', 'gold'] }] }),
  agent('office', { hours: [{ ...weekdays, days: [...weekdays.days] }] }),
  agent('closed-shop', { purposes: ['shop'] }, { enabled: false, name: 'The shop' }),
  agent('arm-a'),
  agent('arm-b'),
  agent('catch-all', {}, { is_default: true }),
]
/** Sunday, when nobody is in the office. */
const SUNDAY = Date.parse('2026-11-22T12:00:00Z')
const MONDAY = Date.parse('2026-11-23T08:30:00Z')
const NOBODY: RouteWeights = { experiment: 'default', arms: [] }
const HALVES = {
  experiment: 'greeting',
  arms: [
    { agent_id: AgentId.parse('arm-a'), weight: 1 },
    { agent_id: AgentId.parse('arm-b'), weight: 1 },
  ],
}
const someone = (metadata: unknown = '', attributes: Record<string, string> = {}) => ({
  identity: 'ana',
  metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
  attributes,
})
const json = JSON.stringify

type Asked = Omit<Partial<RouteRequest>, 'participant'> & { participant?: ReturnType<typeof someone> | undefined }
function decide(asked: Asked, options: Partial<RouteOptions> = {}, weights = NOBODY, agents = AGENTS) {
  const request = RouteRequest.parse({ participant: someone(), room_name: 'r1', ...asked })
  return decideRoute(request, routeBook(agents), weights, { now: SUNDAY, ...options })
}

type Case = readonly [what: string, asked: Asked, agent_id: string, rule: string, source?: string]
const CASES: readonly Case[] = [
  ['the dispatch name is an agent', { dispatch_name: 'sales-agent' }, 'sales-agent', 'explicit', 'dispatch_name'],
  ['an id in any case', { job_metadata: json({ agent_id: 'SALES-agent' }) }, 'sales-agent', 'explicit', 'job_metadata'],
  ['agentName', { job_metadata: json({ agentName: 'help DESK' }) }, 'support-agent', 'explicit', 'job_metadata'],
  ['agent_name', { room_metadata: json({ agent_name: 'sales-agent' }) }, 'sales-agent', 'explicit', 'room_metadata'],
  [
    'the job before the room',
    { job_metadata: json({ agent_id: 'sales-agent' }), room_metadata: json({ agent_id: 'support-agent' }) },
    'sales-agent',
    'explicit',
    'job_metadata',
  ],
  [
    'a dispatch name that is nobody, and an id',
    { dispatch_name: 'production', job_metadata: json({ agent_id: 'sales-agent' }) },
    'sales-agent',
    'explicit',
    'job_metadata',
  ],
  ['the private name names nobody', { dispatch_name: 'studio-1' }, 'catch-all', 'tenant_default'],
  ['a purpose in any case', { job_metadata: json({ purpose: ' SUPPORT ' }) }, 'support-agent', 'purpose', 'job_metadata'],
  ['a second purpose', { room_metadata: json({ purpose: 'Help' }) }, 'support-agent', 'purpose', 'room_metadata'],
  ['a purpose as dispatch name', { dispatch_name: 'sales' }, 'sales-agent', 'purpose', 'dispatch_name'],
  ["the caller's purpose", { participant: someone({ purpose: 'sales' }) }, 'sales-agent', 'purpose', 'participant_metadata'],
  [
    'a purpose as attribute',
    { participant: someone('', { purpose: 'sales' }) },
    'sales-agent',
    'purpose',
    'participant_attributes',
  ],
  [
    'an agent that is missing, then a purpose',
    { job_metadata: json({ agent_id: 'gone', purpose: 'sales' }) },
    'sales-agent',
    'purpose',
    'job_metadata',
  ],
  [
    'an agent that is disabled, then a purpose',
    { job_metadata: json({ agent_id: 'closed-shop', purpose: 'sales' }) },
    'sales-agent',
    'purpose',
    'job_metadata',
  ],
  ['a purpose of a disabled agent', { job_metadata: json({ purpose: 'shop' }) }, 'catch-all', 'tenant_default'],
  ['an attribute', { participant: someone('', { is_new_user: 'true' }) }, 'welcome', 'attributes', 'participant_attributes'],
  ['an attribute that says no', { participant: someone('', { is_new_user: 'false' }) }, 'catch-all', 'tenant_default'],
  ['a key of metadata', { job_metadata: json({ is_new_user: true }) }, 'welcome', 'attributes', 'job_metadata'],
  [
    'a key of user_details',
    { participant: someone({ user_details: { tier: 'PREMIUM' } }) },
    'premium',
    'attributes',
    'participant_metadata',
  ],
  ['another value', { participant: someone({ tier: 'silver' }) }, 'catch-all', 'tenant_default'],
  ['one of a list', { participant: someone({ tier: ['silver', 'gold'] }) }, 'premium', 'attributes', 'participant_metadata'],
  ['a purpose before an attribute', { participant: someone({ tier: 'gold', purpose: 'sales' }) }, 'sales-agent', 'purpose'],
  ['nothing at all', {}, 'catch-all', 'tenant_default'],
  ['text that is no JSON', { job_metadata: 'sales' }, 'catch-all', 'tenant_default'],
]

describe('who answers', () => {
  test.each(CASES.map(([what, ...rest]) => ({ what, rest })))('$what', ({ rest: [asked, agent_id, rule, source] }) => {
    const decision = decide(asked, { private_name: 'studio-1' })
    expect(decision).toMatchObject({ agent_id, rule })
    if (source) expect(decision.rules.find(({ result }) => result === 'matched')?.source).toBe(source)
    expect(decision.rules.map((one) => one.rule)).toEqual(ROUTE_ORDER)
    for (const { reason } of decision.rules) expect(reason).toMatch(/^["A-Z].*[.]$/)
  })

  const ROUTE_ORDER = ['explicit', 'purpose', 'attributes', 'hours', 'weights', 'tenant_default', 'default']

  test('what was missed is said, and what comes after the match is not asked', () => {
    const { rules, reason } = decide({ job_metadata: json({ agent_id: 'closed-shop', purpose: 'Sales' }) })
    expect(rules.map(({ result }) => result)).toEqual(['no_match', 'matched', ...Array<string>(5).fill('skipped')])
    expect(rules[0]?.reason).toBe('The job\'s metadata names "closed-shop", which is disabled.')
    expect(reason).toBe('The purpose "Sales" is in the job\'s metadata.')
  })

  test('hours, weights, tenant default, the worker, nobody: each when those before it say nothing', () => {
    expect(decide({}, { now: MONDAY }, HALVES)).toMatchObject({ rule: 'hours', agent_id: 'office' })
    expect(decide({}, {}, HALVES)).toMatchObject({ rule: 'weights' })
    expect(decide({}, { default_agent_id: 'premium' })).toMatchObject({ rule: 'tenant_default', agent_id: 'catch-all' })
    const others = AGENTS.filter(({ is_default }) => !is_default)
    const byWorker = decide({}, { default_agent_id: 'premium' }, NOBODY, others)
    expect(byWorker).toMatchObject({ rule: 'default', agent_id: 'premium' })
    expect(decide({}, {}, NOBODY, [agent('one')])).toMatchObject({ rule: 'default', agent_id: 'one' })
    const nobody = decide({}, {}, NOBODY, others)
    expect(nobody.agent_id).toBeUndefined()
    expect(nobody.reason).toMatch(/^No agent answers/)
    expect(awaitsParticipant(nobody)).toBe(false)
  })

  test("a user's own default comes before the tenant's, after everything that says more, and only when it answers", () => {
    const user_default = { user_id: 'u1', agent_id: 'ARM-a' }
    expect(decide({}, { user_default })).toMatchObject({
      ...{ rule: 'tenant_default', agent_id: 'arm-a', reason: '"arm-a" is the default of the user "u1".' },
    })
    expect(decide({}, { user_default, now: MONDAY })).toMatchObject({ rule: 'hours', agent_id: 'office' })
    expect(decide({ dispatch_name: 'sales' }, { user_default })).toMatchObject({ agent_id: 'sales-agent' })
    for (const agent_id of ['closed-shop', 'gone'])
      expect(decide({}, { user_default: { user_id: 'u1', agent_id } })).toMatchObject({ agent_id: 'catch-all' })
  })

  test('who calls is taken from what the caller cannot write', () => {
    const asked = (parts: Asked, trusted?: RouteOptions['trusted']) =>
      signedUser(RouteRequest.parse({ participant: someone({ user_id: 'eve' }), ...parts }), { trusted })
    expect(asked({})).toBeUndefined()
    expect(asked({ room_metadata: json({ user_id: 7 }) })).toBe('7')
    expect(asked({ job_metadata: json({ user_id: 'ana' }), room_metadata: json({ user_id: 'bob' }) })).toBe('ana')
    expect(asked({}, ['participant_metadata'])).toBe('eve')
  })

  test('a default that is disabled is passed over, and so are arms', () => {
    const agents = [agent('x', {}, { is_default: true, enabled: false }), agent('y')]
    expect(decide({}, {}, NOBODY, agents)).toMatchObject({ rule: 'default', agent_id: 'y' })
    const { agent_id, rules } = decide({}, {}, HALVES, [agent('arm-b'), agent('arm-a', {}, { enabled: false }), agent('y')])
    expect(agent_id).toBe('arm-b')
    expect(rules[4]?.reason).toContain('100%')
  })

  test('of several agents with one purpose the first by id answers, and it is said', () => {
    const agents = [agent('b', { purposes: ['x'] }), agent('a', { purposes: ['X'] })]
    expect(decide({ dispatch_name: 'x' }, {}, NOBODY, agents)).toMatchObject({
      agent_id: 'a',
      reason: expect.stringContaining('first by id of 2'),
    })
  })

  test('samples that were stored before documents had routes keep their purposes; an empty list takes it away', () => {
    const stored = (routing: unknown) =>
      routableAgent({ ...agent('sales-agent-v1'), agent_id: AgentId.parse('sales-agent-v1') }, routing)
    expect(stored(undefined).purposes).toEqual(['sales'])
    expect(stored({ purposes: [] }).purposes).toEqual([])
    expect(stored({ hours: 'never', attributes: [{}, { key: 'new' }] })).toMatchObject({
      ...{ purposes: ['sales'], attributes: [{ key: 'new' }], hours: [] },
    })
  })
})

describe('before anybody has joined', () => {
  const early = (asked: Asked, weights = NOBODY) => decide({ ...asked, participant: undefined }, {}, weights)

  test('job and room decide what they can', () => {
    expect(early({ job_metadata: json({ agent_id: 'premium' }) })).toMatchObject({ agent_id: 'premium', rule: 'explicit' })
    expect(early({ room_metadata: json({ purpose: 'sales' }) })).toMatchObject({ agent_id: 'sales-agent', rule: 'purpose' })
  })

  test('what the caller could bring is unknown, and what comes after it waits', () => {
    const decision = early({}, HALVES)
    expect(awaitsParticipant(decision)).toBe(true)
    expect(decision.rules.map(({ result }) => result)).toEqual([
      ...['unknown', 'unknown', 'unknown'],
      ...['skipped', 'skipped', 'skipped', 'skipped'],
    ])
  })

  test('when nobody comes, the room decides', () => {
    const nobody = { identity: '', metadata: '', attributes: {} }
    const decision = decide({ participant: nobody, room_name: 'r7' }, {}, HALVES)
    expect(decision.rules[4]).toMatchObject({ result: 'matched', reason: expect.stringContaining('"r7"') })
  })
})

describe('what the caller writes itself', () => {
  test('names no agent and changes none, but chooses by purpose', () => {
    const metadata = { agent_id: 'premium', purpose: 'sales', overrides: { llm_config: { temperature: 0 } } }
    const decision = decide({ participant: someone(metadata) })
    expect(decision).toMatchObject({ agent_id: 'sales-agent', rule: 'purpose', overrides: {} })
    expect(decision.rules[0]).toMatchObject({ result: 'refused', source: 'participant_metadata' })
    expect(decision.refused).toEqual([{ path: '/participant_metadata/overrides', message: expect.any(String) }])
  })

  test('counts as signed when its token does not let it write', () => {
    const metadata = { agent_id: 'premium', overrides: { llm_config: { temperature: 0 } } }
    const trusted = ['dispatch_name', 'job_metadata', 'room_metadata', 'participant_metadata'] as const
    expect(decide({ participant: someone(metadata) }, { trusted })).toMatchObject({
      ...{ agent_id: 'premium', rule: 'explicit', overrides: { llm_config: { temperature: 0 } }, refused: [] },
    })
  })

  test.each(['job_metadata', 'participant_metadata', 'participant_attributes'])('another tenant in %s is refused', (source) => {
    const text = json({ agent_id: 'premium', tenant_id: 'acme' })
    const participant = someone(
      source === 'participant_metadata' ? text : '',
      source === 'participant_attributes' ? { tenant_id: 'acme' } : {},
    )
    const asked = { participant, ...(source === 'job_metadata' && { job_metadata: text }) }
    const decision = decide(asked, { tenant_id: 'local' })
    expect(decision.agent_id).toBeUndefined()
    expect(decision.refused).toEqual([{ path: `/${source}/tenant_id`, message: expect.stringContaining('"acme"') }])
    expect(awaitsParticipant(decision)).toBe(false)
    expect(decide(asked, { tenant_id: 'acme' }).agent_id).toBeDefined()
  })

  test('who it is and what is known of it become variables; what was signed wins', () => {
    const decision = decide({
      job_metadata: json({ user_id: 42, user_details: { name: 'Ana' } }),
      participant: someone({ user_id: 'me', user_details: { name: 'Eve', plan: 'free' } }),
    })
    expect(decision).toMatchObject({ user_id: '42', variables: { user_id: '42', user_details: { name: 'Ana', plan: 'free' } } })
  })
})

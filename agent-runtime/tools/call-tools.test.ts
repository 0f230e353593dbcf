import { llm } from '@livekit/agents'
import { expect, test } from 'vitest'
import { AgentId, TurnId } from '../../core/contract/ids.ts'
import { isKnownTool, Tool } from '../../core/tools/tool.ts'
import { createCallTools } from './call-tools.ts'

const tool = Tool.parse({ type: 'handoff', name: 'to_bob', agent_id: 'bob' })
const list = [tool].filter(isKnownTool)
const turn = {
  turn_id: TurnId.parse('01900001-0000-7000-8000-000000000000'),
  config: { tools: { list, variables: {}, secrets: {} } },
}
const source = llm.FunctionCall.create({ callId: '1', name: 'to_bob', args: '{}' })
const options = { signal: new AbortController().signal, onSlow: () => undefined }

test('two agents that hand a call to and fro stop when the caller says nothing', async () => {
  const tools = createCallTools({
    spec: {},
    // @ts-expect-error -- as much of a report as is told
    report: { journal: () => undefined, clock: () => 0, flush: () => undefined },
    host: { sync: () => undefined, handoff: (agent_id) => tools.configured(agent_id) },
    rpc: () => undefined,
    turnOver: () => Promise.resolve(),
    end: () => undefined,
  })
  const handOver = async () => {
    const calls = [{ call_id: '1', name: 'to_bob', text: '{}', source }]
    // @ts-expect-error -- as much of a turn as is looked at
    const { results, handed_over } = await tools.run(turn, calls, options)
    expect(results[0]?.failed).toBe(!handed_over)
    return handed_over
  }
  const four = [await handOver(), await handOver(), await handOver(), await handOver()]
  expect(four).toEqual([true, true, true, false])
  tools.heard()
  expect(await handOver()).toBe(true)
})

test('of two agents that are asked for at once, each refusal goes to whom it is about', async () => {
  const tools = createCallTools({
    spec: {},
    // @ts-expect-error -- as much of a report as is told
    report: { journal: () => undefined, clock: () => 0, flush: () => undefined },
    host: {
      sync: () => undefined,
      // The second one that is asked for is refused first.
      handoff: (agent_id) => {
        if (agent_id === 'eve') for (const id of ['eve', 'bob']) tools.refused(AgentId.parse(id), `${id} is away`)
      },
    },
    rpc: () => undefined,
    turnOver: () => Promise.resolve(),
    end: () => undefined,
  })
  const two = ['bob', 'eve']
    .map((agent_id) => Tool.parse({ type: 'handoff', name: `to_${agent_id}`, agent_id }))
    .filter(isKnownTool)
  const asking = { ...turn, config: { tools: { ...turn.config.tools, list: two } } }
  const calls = two.map(({ name }, index) => ({ call_id: String(index), name, text: '{}', source }))
  // @ts-expect-error -- as much of a turn as is looked at
  const { results } = await tools.run(asking, calls, options)
  expect(JSON.stringify(results[0])).toContain('bob is away')
  expect(JSON.stringify(results[1])).toContain('eve is away')
})

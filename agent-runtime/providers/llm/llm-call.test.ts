import { afterAll, beforeAll, expect, test } from 'vitest'
import { interviewAgent } from '../../session/testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from '../../session/testing/runtime-process.ts'
import { llmCases } from '../testing/llm-cases.ts'
import { KEY, SECRET } from '../testing/llm-contract.ts'
import { startLlmServer } from '../testing/llm-server.ts'

let runtime: RuntimeProcess
beforeAll(async () => {
  runtime = await startRuntime()
})
afterAll(() => runtime.stop())

const PROTOCOLS = [
  ['openai', llmCases.openai[2]],
  ['anthropic.com', llmCases.anthropic[0]],
  ['gemini', llmCases.google[0]],
  ['groq.com', llmCases.groq[0]],
  ['azure', llmCases['azure-openai'][0]],
  ['livekit', llmCases['livekit-inference'][0]],
] as const

test.each(PROTOCOLS)(
  'a real call with %s: the table is filled in, and a changed prompt changes the next answer',
  async (provider, one) => {
    if (!one) throw new Error(`there is no case for ${provider}`)
    const server = await startLlmServer(one.protocol)
    const agent = (rule: string) => ({
      ...interviewAgent,
      prompt_config: { instructions: `RULE: ${rule}`, greeting: 'Shall we begin?' },
      llm_config: { provider, base_url: `${server.url}${one.base_path}`, api_key: 'env:TEST_KEY', temperature: 0, ...one.config },
    })
    const call = runtime.start(agent('Blue it is.'), { secrets: { 'env:TEST_KEY': KEY, 'env:TEST_SECRET': SECRET } })
    call.say('Why?')
    const first = await call.event('turn.committed', ({ spoken }) => spoken.includes('You said'))
    expect(first).toMatchObject({
      spoken: 'Blue it is. You said: Why?',
      usage: { prompt_tokens: 50, completion_tokens: 9, cached_tokens: 20 },
    })
    const { output, parse, problems } = await call.event('output.done', ({ turn_id }) => turn_id === first.turn_id)
    expect({ output, parse, problems }).toMatchObject({ output: { stage: 'intro', topics: [] }, parse: 'json', problems: [] })
    call.configure(2, agent('Red it is.'))
    call.say('And now?')
    const second = await call.event('turn.committed', ({ spoken }) => spoken.includes('And now'))
    expect(second.spoken).toBe('Red it is. You said: And now?')
    expect(JSON.stringify(call.events)).not.toContain(KEY)
    await call.end()
    await server.close()
  },
)

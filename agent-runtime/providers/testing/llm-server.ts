import { setImmediate as turn } from 'node:timers/promises'
import { parseJson, type Json } from '../../../core/json.ts'
import { startRecordingServer, type RecordingServer } from '../../testing/recording-server.ts'
import { answerTo, callsIn } from './prompt-reader.ts'
import type { LlmProtocol } from './llm-protocol.ts'

export type LlmServer = RecordingServer<Json | undefined>

/** Streams what an obedient LLM would answer, over real HTTP, in one vendor's protocol; a request that it does not allow is refused. */
export function startLlmServer(protocol: LlmProtocol): Promise<LlmServer> {
  return startRecordingServer(parseJson, async ({ path, headers, body }, response) => {
    const problem = protocol.path.test(path) ? protocol.problem(body, headers) : `There is nothing at ${path}`
    if (problem) {
      const refusal = JSON.stringify({ error: { type: 'invalid_request_error', message: problem } })
      return void response.writeHead(400, { 'content-type': 'application/json' }).end(refusal)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const asked = protocol.read(body)
    const calls = callsIn(asked)
    for (const event of calls.length > 0 ? protocol.calls(calls, asked) : protocol.events(answerTo(asked))) {
      response.write(`${event}\n\n`)
      await turn()
    }
    response.end()
  })
}

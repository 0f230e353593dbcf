/** The peer: an agent as LiveKit's own documentation writes one, in a job process of its own; the same services answer it as answer ours. */
import { defineAgent, inference, voice } from '@livekit/agents'
import { LLM, STT, TTS } from '@livekit/agents-plugin-openai'

const service = { baseURL: process.env.BENCH_SERVICE, apiKey: 'none' }

export default defineAgent({
  prewarm: (process) => {
    process.userData.vad = new inference.VAD()
  },
  entry: async (job) => {
    const session = new voice.AgentSession({
      vad: job.proc.userData.vad,
      stt: new STT({ ...service, model: 'test-model', useRealtime: false }),
      llm: new LLM({ ...service, model: 'test-model' }),
      tts: new TTS({ ...service, model: 'tone' }),
      turnHandling: { turnDetection: 'vad' },
    })
    // First, or what the session says of its state may be lost: the callers wait for that.
    await job.connect()
    await session.start({
      agent: new voice.Agent({ instructions: 'Answer in one short sentence.' }),
      room: job.room,
      record: false,
    })
  },
})

import { llm, tts } from '@livekit/agents'

const NEVER = 'models belong to turns; this stand-in is never asked'

/**
 * The session's library wants one LLM and one TTS for the whole session, and a change of them in between disturbs speech that
 * is still going on. So it gets stand-ins that tell its pipeline what to expect, and each turn brings its own.
 */
export class StandInLLM extends llm.LLM {
  override label() {
    return 'greenroom.turn'
  }
  override chat(): llm.LLMStream {
    throw new Error(NEVER)
  }
}

export class StandInTTS extends tts.TTS {
  override label = 'greenroom.turn'

  constructor(sampleRate: number) {
    // Aligned: the text comes with its place in the audio, so that an interrupted reply is cut where it was heard last.
    super(sampleRate, 1, { streaming: true, alignedTranscript: true })
  }
  override synthesize(): tts.ChunkedStream {
    throw new Error(NEVER)
  }
  override stream(): tts.SynthesizeStream {
    throw new Error(NEVER)
  }
}

import { AudioFrame, AudioResampler } from '@livekit/rtc-node'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import type { EngineAddress } from '../../../core/contract/runtime.ts'
import { connectEngine } from '../../engines/engine-client.ts'

/** What a caller says, as a microphone gives it; spoken by a real engine. */
export async function callerVoice(address: EngineAddress, text: string): Promise<Int16Array> {
  const engine = connectEngine(address)
  const parts: Int16Array[] = []
  for await (const { pcm, sample_rate } of engine.synthesize(text, { voice: '', speed: 1 })) {
    const resampler = new AudioResampler(sample_rate, UP_SAMPLE_RATE, 1)
    const own = pcm.slice()
    const frames = [...resampler.push(new AudioFrame(own, sample_rate, 1, own.length)), ...resampler.flush()]
    parts.push(...frames.map(({ data }) => data.slice()))
    resampler.close()
  }
  engine.close()
  return Int16Array.from(parts.flatMap((part) => [...part]))
}

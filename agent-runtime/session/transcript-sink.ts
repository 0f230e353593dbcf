import { voice } from '@livekit/agents'

export type TextOutput = NonNullable<voice.AgentSession['output']['transcription']>
type Synchronizer = Readonly<{ audioOutput: voice.AudioOutput; textOutput: TextOutput; close: () => Promise<void> }>
type SynchronizerClass = new (audio: voice.AudioOutput, text: TextOutput) => Synchronizer

/** Gets the text of replies as it is heard. */
export function createTranscriptSink(onText: (text: string) => void): TextOutput {
  const sink: unknown = {
    captureText: async (text: string | voice.TimedString) => onText(voice.isTimedString(text) ? text.text : text),
    flush() {},
    onAttached() {},
    onDetached() {},
  }
  if (!isTextOutput(sink)) throw new Error('not a text output')
  return sink
}

/**
 * Keeps text in step with the audio that was really played, which is what an interrupted reply is cut by. The library does not
 * export it; by its URL it comes from the same instance of the library.
 */
export async function createSynchronizer(audio: voice.AudioOutput, text: TextOutput): Promise<Synchronizer> {
  const url = new URL('./voice/transcription/synchronizer.js', import.meta.resolve('@livekit/agents'))
  const library: unknown = await import(url.href)
  const found =
    typeof library === 'object' && library !== null && 'TranscriptionSynchronizer' in library
      ? library.TranscriptionSynchronizer
      : undefined
  if (!isSynchronizerClass(found)) throw new Error('@livekit/agents has no TranscriptionSynchronizer any more')
  return new found(audio, text)
}

/** The library's class is abstract and not exported; this is all that it uses of one. */
const isTextOutput = (value: unknown): value is TextOutput =>
  typeof value === 'object' && value !== null && 'captureText' in value && 'flush' in value
const isSynchronizerClass = (value: unknown): value is SynchronizerClass => typeof value === 'function'

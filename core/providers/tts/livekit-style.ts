import { cartesiaStyle } from './cartesia-style.ts'
import { xaiStyle } from './xai-style.ts'

export type LiveKitStyle = Readonly<{ extra: Readonly<Record<string, string | number>>; tags: readonly string[] }>

/** LiveKit Inference hands the settings of the model's own provider on, as `extra`. */
export function liveKitStyle(model: string, words: string, speed = 1): LiveKitStyle {
  const [provider] = model.split('/')
  if (provider === 'cartesia') return { extra: { ...cartesiaStyle(words, speed) }, tags: [] }
  if (provider === 'xai') return { extra: speed === 1 ? {} : { speed }, tags: xaiStyle(words) }
  return { extra: {}, tags: [] }
}

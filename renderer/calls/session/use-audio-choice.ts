import type { Json } from '../../../core/json.ts'
import { useUiState } from '../../client/settings-context.tsx'

export type AudioDeviceChoice = Readonly<{ microphone_id: string | undefined; speaker_id: string | undefined }>

const isText = (value: Json): value is string => typeof value === 'string'

/** The devices that were picked last; nothing means the system's default. */
export function useAudioChoice(): AudioDeviceChoice &
  Readonly<{ chooseMicrophone: (id: string | undefined) => void; chooseSpeaker: (id: string | undefined) => void }> {
  const [microphone, setMicrophone] = useUiState<string>('call.microphone', '', isText)
  const [speaker, setSpeaker] = useUiState<string>('call.speaker', '', isText)
  return {
    microphone_id: microphone || undefined,
    speaker_id: speaker || undefined,
    chooseMicrophone: (id) => setMicrophone(id ?? ''),
    chooseSpeaker: (id) => setSpeaker(id ?? ''),
  }
}

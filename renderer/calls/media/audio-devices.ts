import { useEffect, useState } from 'react'

export type AudioDevice = Readonly<{ device_id: string; label: string }>
export type AudioDevices = Readonly<{
  microphones: readonly AudioDevice[]
  speakers: readonly AudioDevice[]
  canChooseSpeaker: boolean
}>

const NONE: AudioDevices = { microphones: [], speakers: [], canChooseSpeaker: false }

/**
 * The microphones and outputs that are connected, kept up to date. Their names are known only after the microphone was allowed
 * once; `refresh` changes when that may have happened.
 */
export function useAudioDevices(refresh: unknown): AudioDevices {
  const [devices, setDevices] = useState(NONE)
  useEffect(() => {
    const media: MediaDevices | undefined = navigator.mediaDevices
    if (!media) return
    let current = true
    const read = () =>
      void media.enumerateDevices().then(
        (all) => current && setDevices(sortDevices(all)),
        () => current && setDevices(NONE),
      )
    read()
    media.addEventListener('devicechange', read)
    return () => {
      current = false
      media.removeEventListener('devicechange', read)
    }
  }, [refresh])
  return devices
}

/** The browser's aliases of the default device go by an id of their own; the menu has one entry "System default" for them. */
function sortDevices(all: readonly MediaDeviceInfo[]): AudioDevices {
  const of = (kind: MediaDeviceKind): readonly AudioDevice[] =>
    all
      .filter((device) => device.kind === kind && !['', 'default', 'communications'].includes(device.deviceId))
      .map(({ deviceId, label }, index) => ({
        device_id: deviceId,
        label: label || `${kind === 'audioinput' ? 'Microphone' : 'Output'} ${index + 1}`,
      }))
  return { microphones: of('audioinput'), speakers: of('audiooutput'), canChooseSpeaker: 'setSinkId' in AudioContext.prototype }
}

import { ActionIcon, NativeSelect, Popover } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import { useAudioDevices, type AudioDevice } from '../media/audio-devices.ts'
import type { AudioDeviceChoice } from '../session/use-audio-choice.ts'
import classes from './header.module.css'

type Props = Readonly<{
  choice: AudioDeviceChoice
  /** Changes when names of devices may have become known. */
  refresh: unknown
  onMicrophone: (device_id: string | undefined) => void
  onSpeaker: (device_id: string | undefined) => void
}>

/** Which microphone hears and which output speaks; remembered. */
export function DeviceMenu({ choice, refresh, onMicrophone, onSpeaker }: Props) {
  const { microphones, speakers, canChooseSpeaker } = useAudioDevices(refresh)
  return (
    <Popover position="bottom-end" width={280} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <ActionIcon aria-label="Microphone and output" title="Microphone and output">
          <IconAdjustmentsHorizontal size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes.devices ?? ''} aria-label="Microphone and output">
        <Devices label="Microphone" devices={microphones} chosen={choice.microphone_id} onChoose={onMicrophone} />
        {canChooseSpeaker && <Devices label="Output" devices={speakers} chosen={choice.speaker_id} onChoose={onSpeaker} />}
      </Popover.Dropdown>
    </Popover>
  )
}

type DevicesProps = Readonly<{
  label: string
  devices: readonly AudioDevice[]
  chosen: string | undefined
  onChoose: (device_id: string | undefined) => void
}>

/** A device that was remembered and is not connected today counts as the default. */
const Devices = ({ label, devices, chosen, onChoose }: DevicesProps) => (
  <NativeSelect
    size="xs"
    label={label}
    value={devices.some(({ device_id }) => device_id === chosen) ? chosen : ''}
    data={[
      { value: '', label: 'System default' },
      ...devices.map(({ device_id, label: name }) => ({ value: device_id, label: name })),
    ]}
    onChange={(event) => onChoose(event.currentTarget.value || undefined)}
  />
)

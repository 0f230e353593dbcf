import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconCheck } from '@tabler/icons-react'
import type { AudioDevice } from '../media/audio-devices.ts'
import { useAudioDevices } from '../media/audio-devices.ts'
import type { AudioDeviceChoice } from '../session/use-audio-choice.ts'

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
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Tooltip label="Microphone and output">
          <ActionIcon aria-label="Microphone and output">
            <IconAdjustmentsHorizontal size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Microphone</Menu.Label>
        <Choices devices={microphones} chosen={choice.microphone_id} onChoose={onMicrophone} />
        {canChooseSpeaker && (
          <>
            <Menu.Divider />
            <Menu.Label>Output</Menu.Label>
            <Choices devices={speakers} chosen={choice.speaker_id} onChoose={onSpeaker} />
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Choices({
  devices,
  chosen,
  onChoose,
}: {
  devices: readonly AudioDevice[]
  chosen: string | undefined
  onChoose: (device_id: string | undefined) => void
}) {
  const present = devices.some(({ device_id }) => device_id === chosen)
  return (
    <>
      <Choice label="System default" chosen={!present} onChoose={() => onChoose(undefined)} />
      {devices.map(({ device_id, label }) => (
        <Choice key={device_id} label={label} chosen={device_id === chosen} onChoose={() => onChoose(device_id)} />
      ))}
    </>
  )
}

const Choice = ({ label, chosen, onChoose }: { label: string; chosen: boolean; onChoose: () => void }) => (
  <Menu.Item
    role="menuitemradio"
    aria-checked={chosen}
    rightSection={chosen ? <IconCheck size={14} aria-hidden /> : null}
    onClick={onChoose}
  >
    {label}
  </Menu.Item>
)

import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core'
import { IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { CallInput, CallState } from '../session/call-controller.ts'
import type { AudioLevels, AudioState } from '../media/call-audio.ts'
import { CallClock } from './call-clock.tsx'
import { LevelMeter } from './level-meter.tsx'
import type { Status } from './call-status.ts'
import classes from './header.module.css'

type Props = Readonly<{
  status: Status
  call: CallState
  input: CallInput
  audio: AudioState | undefined
  levels: Readonly<AudioLevels> | undefined
  devices: ReactNode
  canStart: boolean
  onInput: (input: CallInput) => void
  onMute: () => void
  onStart: () => void
  onStop: () => void
}>

const INPUTS = [
  { value: 'microphone', label: 'Voice' },
  { value: 'text', label: 'Text' },
]

/** State, clock and levels on the left; how to speak, devices and start or stop on the right. */
export function CallHeader({ status, call, input, audio, levels, devices, canStart, onInput, onMute, onStart, onStop }: Props) {
  const running = call.phase === 'live' || call.phase === 'stopping'
  return (
    <header className={classes.header}>
      <span className={classes.dot} data-tone={status.tone} aria-hidden />
      <strong className={classes.state} aria-live="polite">
        {status.label}
      </strong>
      {call.session && <CallClock from={call.session.started_at} to={running ? undefined : call.session.ended_at} />}
      <span className={classes.spacer} />
      {levels && (
        <span className={classes.meters}>
          <LevelMeter label="Microphone level" tone="input" read={() => levels.input} />
          <LevelMeter label="Agent voice level" tone="output" read={() => levels.output} />
        </span>
      )}
      <SegmentedControl
        aria-label="How you speak"
        title="Voice or text (Ctrl+.)"
        size="xs"
        data={INPUTS}
        value={input}
        onChange={(value) => onInput(value === 'text' ? 'text' : 'microphone')}
      />
      {devices}
      {audio && input === 'microphone' && <Mute muted={audio.muted} onMute={onMute} />}
      {running ? (
        <Button
          variant="light"
          color="red"
          leftSection={<IconPhoneOff size={14} />}
          loading={call.phase === 'stopping'}
          onClick={onStop}
        >
          Stop
        </Button>
      ) : (
        <Button
          variant="filled"
          leftSection={<IconPhone size={14} />}
          loading={call.phase === 'starting'}
          disabled={!canStart}
          onClick={onStart}
        >
          Start
        </Button>
      )}
    </header>
  )
}

const Mute = ({ muted, onMute }: { muted: boolean; onMute: () => void }) => (
  <Tooltip label={muted ? 'Unmute (M)' : 'Mute (M)'}>
    <ActionIcon
      aria-label="Mute"
      aria-pressed={muted}
      color={muted ? 'red' : 'gray'}
      variant={muted ? 'light' : 'subtle'}
      onClick={onMute}
    >
      {muted ? <IconMicrophoneOff size={16} /> : <IconMicrophone size={16} />}
    </ActionIcon>
  </Tooltip>
)

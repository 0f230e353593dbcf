import { Button } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { toastError } from '../../ui/toast.tsx'

type Props = Readonly<{ /** base64 */ wav: string; label: string; /** As soon as it is here. */ autoPlay?: boolean }>

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** Plays a short WAV; pressed again, it stops. */
export function SampleButton({ wav, label, autoPlay = false }: Props) {
  const [playing, setPlaying] = useState(false)
  const player = useRef<HTMLAudioElement>(undefined)
  const stop = useCallback(() => {
    player.current?.pause()
    player.current = undefined
    setPlaying(false)
  }, [])
  const play = useCallback(() => {
    const url = URL.createObjectURL(new Blob([bytesOf(wav)], { type: 'audio/wav' }))
    const audio = new Audio(url)
    const over = () => {
      URL.revokeObjectURL(url)
      if (player.current === audio) stop()
    }
    audio.addEventListener('ended', over)
    audio.addEventListener('pause', over)
    player.current = audio
    setPlaying(true)
    audio.play().catch((cause: unknown) => {
      over()
      // Put away before it began.
      if (!(cause instanceof DOMException && cause.name === 'AbortError')) toastError(cause)
    })
  }, [wav, stop])
  useEffect(() => {
    if (autoPlay) play()
    return stop
  }, [autoPlay, play, stop])
  return (
    <Button leftSection={playing ? <IconPlayerStop size={13} /> : <IconPlayerPlay size={13} />} onClick={playing ? stop : play}>
      {playing ? 'Stop' : label}
    </Button>
  )
}

import { useEffect, useRef } from 'react'
import classes from './header.module.css'

type Props = Readonly<{ label: string; read: () => number; tone: 'input' | 'output' }>

/** Below this is silence; the bar shows -60 dB … 0 dB. */
const FLOOR_DB = -60
const FALL_PER_FRAME = 0.03
const ANNOUNCE_EVERY_FRAMES = 12

const toBar = (level: number): number => (level <= 0 ? 0 : Math.max(0, Math.min(1, 1 - (20 * Math.log10(level)) / FLOOR_DB)))

/** A level that rises at once and falls slowly, drawn without React. */
export function LevelMeter({ label, read, tone }: Props) {
  const meter = useRef<HTMLDivElement>(null)
  const bar = useRef<HTMLSpanElement>(null)
  const latest = useRef(read)
  useEffect(() => {
    latest.current = read
  })
  useEffect(() => {
    let shown = 0
    let frame = 0
    let request = 0
    const draw = () => {
      shown = Math.max(toBar(latest.current()), shown - FALL_PER_FRAME)
      bar.current?.style.setProperty('transform', `scaleX(${shown.toFixed(3)})`)
      if (frame++ % ANNOUNCE_EVERY_FRAMES === 0) meter.current?.setAttribute('aria-valuenow', String(Math.round(shown * 100)))
      request = requestAnimationFrame(draw)
    }
    request = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(request)
  }, [])
  return (
    <div
      ref={meter}
      className={classes.meter}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      title={label}
    >
      <span ref={bar} className={classes.level} data-tone={tone} />
    </div>
  )
}

import { Button } from '@mantine/core'
import { toastError } from '../../ui/toast.tsx'
import { DTMF_KEYS, isDtmfKey, type DtmfKey } from './dtmf.ts'
import classes from './room.module.css'

type Props = Readonly<{ digits: string; onPress: (key: DtmfKey) => Promise<void>; running: boolean }>

/** The keys of a telephone; they can be typed as well while the keypad has the focus. */
export function DtmfPad({ digits, onPress, running }: Props) {
  const press = (key: DtmfKey) => void onPress(key).catch(toastError)
  return (
    <div
      className={classes.pad}
      role="group"
      aria-label="Telephone keypad"
      onKeyDown={({ key, ctrlKey, metaKey, altKey }) => {
        if (running && isDtmfKey(key) && !ctrlKey && !metaKey && !altKey) press(key)
      }}
    >
      {DTMF_KEYS.map((key) => (
        <Button key={key} disabled={!running} onClick={() => press(key)}>
          {key}
        </Button>
      ))}
      <output className={`mono ${classes.digits ?? ''}`} aria-label="Pressed so far">
        {digits === '' ? 'Nothing pressed yet' : digits}
      </output>
    </div>
  )
}

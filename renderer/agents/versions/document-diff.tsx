import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { documentText } from './document-text.ts'
import { Busy } from '../../ui/busy.tsx'
import classes from './versions.module.css'

const TextDiff = lazy(async () => ({ default: (await import('./text-diff.tsx')).TextDiff }))

type Part = 'prompt' | 'rest'
type Props = Readonly<{ before: DocumentJson; after: DocumentJson; height?: string }>

/** Two documents side by side: their prompts, and all the rest as JSON. Opens where there is a difference. */
export function DocumentDiff({ before, after, height = '100%' }: Props) {
  const [left, right] = useMemo(() => [documentText(before), documentText(after)], [before, after])
  const [chosen, setChosen] = useState<Part>()
  const changed = (part: Part) => left[part] !== right[part]
  const shown = chosen ?? (!changed('prompt') && changed('rest') ? 'rest' : 'prompt')
  const label = (part: Part, name: string) => `${name} · ${changed(part) ? 'changed' : 'same'}`
  return (
    <div className={classes.diff} style={{ height }}>
      <SegmentedControl
        aria-label="What is compared"
        className={classes.parts ?? ''}
        value={shown}
        onChange={(value) => setChosen(value === 'rest' ? 'rest' : 'prompt')}
        data={[
          { value: 'prompt', label: label('prompt', 'Prompt') },
          { value: 'rest', label: label('rest', 'Fields, voice, models') },
        ]}
      />
      <div className={classes.editors}>
        <Suspense fallback={<Busy label="Loading the comparison" />}>
          <TextDiff before={left[shown]} after={right[shown]} json={shown === 'rest'} />
        </Suspense>
      </div>
    </div>
  )
}

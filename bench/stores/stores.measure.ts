import type { Measure } from '../measure.ts'
import { importOfMany, listOfMany } from './many-agents.bench.ts'
import { STORES } from './opened-store.ts'
import { savedElsewhere } from './save-through-store.bench.ts'

export const storeMeasures = (): readonly Measure[] => [
  ...(['postgres', 'mongodb', 'greenroom'] as const).map(savedElsewhere),
  ...STORES.map(listOfMany),
  ...STORES.map(importOfMany),
]

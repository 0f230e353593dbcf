import type { ReactNode } from 'react'
import classes from './badge.module.css'

export type Tone = 'spoken' | 'style' | 'hidden' | 'good' | 'warn' | 'bad' | 'info' | 'plain'

/** A small word with a meaning: roles of fields, states of agents and calls. */
export const Badge = ({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children: ReactNode }) => (
  <span className={classes.badge} data-tone={tone} title={title}>
    {children}
  </span>
)

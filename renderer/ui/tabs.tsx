import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import classes from './tabs.module.css'

type Props<Tab extends string> = Readonly<{
  label: string
  /** Of the panel too: `panel-<id>`. */
  tabs: readonly Readonly<{ id: Tab; name: ReactNode }>[]
  tab: Tab
  onTab: (tab: Tab) => void
}>

/** Tabs that arrow keys step through, as everywhere in the studio. */
export function Tabs<Tab extends string>({ label, tabs, tab, onTab }: Props<Tab>) {
  const list = useRef<HTMLDivElement>(null)
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.findIndex(({ id }) => id === tab) + by + tabs.length) % tabs.length]
    if (by === 0 || !next) return
    event.preventDefault()
    onTab(next.id)
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus()
  }
  return (
    <div className={classes.list} role="tablist" aria-label={label} ref={list} onKeyDown={step}>
      {tabs.map(({ id, name }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          className={classes.tab}
          aria-selected={id === tab}
          aria-controls={id === tab ? `panel-${id}` : undefined}
          tabIndex={id === tab ? 0 : -1}
          onClick={() => onTab(id)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

import type { ReactNode } from 'react'
import { Tabs } from './tabs.tsx'
import classes from './tabbed-screen.module.css'

type Props<Id extends string> = Readonly<{
  title: string
  /** Of the row of tabs, for those who do not see it. */
  label: string
  tabs: readonly Readonly<{ id: Id; name: string }>[]
  tab: Id
  onTab: (tab: Id) => void
  /** The part has no padding and no scrolling of its own. */
  padded: boolean
  children: ReactNode
}>

/** A screen of several parts, one of them shown. */
export function TabbedScreen<Id extends string>({ title, label, tabs, tab, onTab, padded, children }: Props<Id>) {
  return (
    <div className={classes.screen}>
      <div className={classes.bar}>
        <h1 className={classes.title}>{title}</h1>
        <Tabs label={label} tabs={tabs} tab={tab} onTab={onTab} />
      </div>
      <div
        key={tab}
        id={`panel-${tab}`}
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        className={classes.panel}
        data-padded={padded}
      >
        {children}
      </div>
    </div>
  )
}

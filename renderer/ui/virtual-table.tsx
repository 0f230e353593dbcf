import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type CSSProperties, type ReactNode } from 'react'
import classes from './virtual-table.module.css'

/** `quiet`: its name is for screen readers only. */
export type Column = Readonly<{ key: string; label: string; width: string; quiet?: boolean }>

type Props<Row> = Readonly<{
  label: string
  columns: readonly Column[]
  rows: readonly Row[]
  getKey: (row: Row) => string
  /** Height before it is measured, px. */
  estimate: (row: Row) => number
  /** The cells of a row (`Cell`), or one `WideCell`. */
  children: (row: Row) => ReactNode
}>

/** A table of any number of rows, of which only those in view are made. Rows may be of any height. */
export function VirtualTable<Row>({ label, columns, rows, getKey, estimate, children }: Props<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const keyAt = (index: number) => {
    const row = rows[index]
    return row === undefined ? index : getKey(row)
  }
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index]
      return row === undefined ? 0 : estimate(row)
    },
    getItemKey: keyAt,
    overscan: 10,
  })
  const style: CSSProperties & { '--columns': string } = { '--columns': columns.map(({ width }) => width).join(' ') }
  return (
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="group" aria-label={`${label}, scrolls`} style={style}>
      <div role="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row}>
            {columns.map((column) => (
              <div key={column.key} role="columnheader" className={classes.header}>
                {column.quiet ? <span className="visually-hidden">{column.label}</span> : column.label}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.space} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                role="row"
                aria-rowindex={index + 2}
                className={`${classes.row ?? ''} ${classes.item ?? ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                {children(row)}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

export const Cell = ({ mono = false, children }: { mono?: boolean; children: ReactNode }) => (
  <div role="cell" className={`${classes.cell ?? ''} ${mono ? 'mono' : ''}`}>
    {children}
  </div>
)

/** Across the whole table: the heading of a group, or what belongs to the row above. */
export const WideCell = ({ heading = false, span, children }: { heading?: boolean; span: number; children: ReactNode }) => (
  <div role="cell" aria-colspan={span} className={heading ? classes.group : classes.wide}>
    {children}
  </div>
)

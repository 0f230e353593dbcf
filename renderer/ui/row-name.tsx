import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import classes from './row-name.module.css'

/** The name of a row that opens to its details. */
export const RowName = ({ name, open, onOpen }: { name: string; open: boolean; onOpen: () => void }) => (
  <button type="button" className={classes.name} aria-expanded={open} onClick={onOpen}>
    {open ? <IconChevronDown size={13} aria-hidden /> : <IconChevronRight size={13} aria-hidden />}
    <span>{name}</span>
  </button>
)

import { Menu } from '@mantine/core'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { RoleBadge } from './role-badge.tsx'
import { roleOf, setRole, type FieldRow, type Role } from './field-rows.ts'
import classes from './output-tab.module.css'

const ROLES: Readonly<Record<Role, Readonly<{ label: string; help: string }>>> = {
  spoken: { label: 'Spoken', help: 'Its text is said while it streams in; one field has this role' },
  style: { label: 'Voice style', help: 'Steers how the voice sounds; one field has this role' },
  steers: {
    label: 'Voice style as well',
    help: 'Its value steers the voice, too (use_in_tts): this reply if it comes before the spoken field, otherwise the next',
  },
  hidden: { label: 'Hidden', help: 'For the application; not shown to the caller' },
  shown: { label: 'Plain', help: 'Reaches the application live' },
}
const ORDER: readonly Role[] = ['spoken', 'style', 'steers', 'hidden', 'shown']

export function RolePicker({ row, index, name }: { row: FieldRow; index: number; name: string }) {
  const { content, change, read_only } = useWorkspace()
  const role = roleOf(content, row)
  return (
    <Menu width={300} position="bottom-start" disabled={read_only}>
      <Menu.Target>
        <button type="button" className={classes.cell} data-control="role" aria-label={`Role of ${name}: ${ROLES[role].label}`}>
          {role === 'shown' ? <span className={classes.placeholder}>plain</span> : <RoleBadge role={role} />}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {ORDER.map((one) => (
          <Menu.Item
            key={one}
            onClick={() => change((now) => setRole(now, index, one))}
            aria-current={one === role ? 'true' : undefined}
          >
            <strong>{ROLES[one].label}</strong>
            <br />
            <span className={classes.note}>{ROLES[one].help}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

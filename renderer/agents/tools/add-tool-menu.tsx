import { Button, Menu } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { ToolIcon } from './tool-icon.tsx'
import { BLANKS, EXAMPLES, KINDS } from './tool-examples.ts'
import type { NewTool } from './tools-tab.tsx'
import classes from './tools-tab.module.css'

export const AddToolMenu = ({ onAdd }: { onAdd: (tool: NewTool) => void }) => (
  <Menu width={320} position="bottom-start">
    <Menu.Target>
      <Button leftSection={<IconPlus size={14} />}>Add a tool</Button>
    </Menu.Target>
    <Menu.Dropdown>
      {KINDS.map(({ kind, label, help }) => (
        <Menu.Item key={kind} leftSection={<ToolIcon kind={kind} />} onClick={() => onAdd(BLANKS[kind])}>
          <strong>{label}</strong>
          <br />
          <span className={classes.hint}>{help}</span>
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Label>Examples</Menu.Label>
      {EXAMPLES.filter(({ tool }) => tool !== BLANKS.end_call).map(({ id, title, tool }) => (
        <Menu.Item key={id} onClick={() => onAdd(tool)}>
          {title}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  </Menu>
)

import { useMemo, type ReactNode } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { useUiState } from '../client/settings-context.tsx'
import classes from './resizable.module.css'

export { Panel }

const isLayout = (value: unknown): value is { [id: string]: number } =>
  typeof value === 'object' && value !== null && Object.values(value).every((size) => typeof size === 'number')

type Props = Readonly<{ id: string; orientation: 'horizontal' | 'vertical'; children: ReactNode }>

/** Panels whose sizes are remembered under `layout.<id>`. */
export function ResizableGroup({ id, orientation, children }: Props) {
  const [layout, setLayout] = useUiState<{ [id: string]: number }>(`layout.${id}`, {}, isLayout)
  // Only the first one counts; later ones come from this very group.
  const initial = useMemo(() => (Object.keys(layout).length > 0 ? layout : undefined), []) // eslint-disable-line react-hooks/exhaustive-deps
  return (
    <Group
      id={id}
      orientation={orientation}
      className={classes.group}
      defaultLayout={initial}
      onLayoutChanged={(next, { isUserInteraction }) => isUserInteraction && setLayout(next)}
    >
      {children}
    </Group>
  )
}

export const ResizeHandle = ({ label }: { label: string }) => <Separator className={classes.handle} aria-label={label} />

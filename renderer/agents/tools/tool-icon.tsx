import { IconArrowsExchange, IconDeviceMobile, IconPhoneOff, IconQuestionMark, IconWorld } from '@tabler/icons-react'
import type { ToolRow } from './tool-rows.ts'

const ICONS = {
  http: IconWorld,
  client: IconDeviceMobile,
  end_call: IconPhoneOff,
  handoff: IconArrowsExchange,
  other: IconQuestionMark,
} as const

export function ToolIcon({ kind, size = 15 }: { kind: ToolRow['kind']; size?: number }) {
  const Icon = ICONS[kind]
  return <Icon size={size} aria-hidden style={{ flex: 'none' }} />
}

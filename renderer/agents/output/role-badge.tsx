import { Badge } from '../../ui/badge.tsx'
import type { Role } from './field-rows.ts'

export const RoleBadge = ({ role }: { role: Role }) => {
  switch (role) {
    case 'spoken':
      return <Badge tone="spoken">spoken</Badge>
    case 'style':
    case 'steers':
      return <Badge tone="style">voice style</Badge>
    case 'hidden':
      return <Badge tone="hidden">hidden</Badge>
    case 'shown':
      return null
  }
}

import type { Output } from './output.ts'
import type { StudioLink } from './studio-link.ts'

/** What a command needs: the studio (opened only when it is asked for), where to write, and when to stop. Each returns its exit code. */
export type CommandContext = Readonly<{ studio: () => Promise<StudioLink>; out: Output; isJson: boolean; signal: AbortSignal }>

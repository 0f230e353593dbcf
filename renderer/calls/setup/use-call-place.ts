import type { Connection, LocalLiveKit } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { useUiState } from '../../client/settings-context.tsx'
import { useConnections, useLocalServer, type LocalServerDeeds } from '../../client/use-local-server.ts'

const DIRECT = ''
const isText = (value: unknown): value is string => typeof value === 'string'

/** Where the next call takes place: without a server, or in a room of a connection. Remembered. */
export type CallPlace = Readonly<{
  connections: readonly Connection[]
  /** Absent: direct. */
  connection: Connection | undefined
  choose: (connection_id: string | undefined) => void
  server: LocalLiveKit | undefined
  deeds: LocalServerDeeds
  /** Starts what has to run first; undefined when it cannot. Without a connection: direct. */
  prepare: () => Promise<Readonly<{ connection?: Connection | undefined }> | undefined>
}>

export function useCallPlace(): CallPlace {
  const [place, setPlace] = useUiState<string>('call.place', DIRECT, isText)
  const studio = useStudio()
  const { value } = useConnections()
  const deeds = useLocalServer()
  const server = value?.local_server
  const connection = value?.connections.find(({ connection_id }) => connection_id === place)
  return {
    connections: value?.connections ?? [],
    connection,
    choose: (connection_id) => setPlace(connection_id ?? DIRECT),
    server,
    deeds,
    prepare: async () => {
      if (place === DIRECT) return {}
      // Whoever is quicker than the list must not get a direct call instead.
      const now = value ?? (await studio.call('connection.list', {}))
      const chosen = now.connections.find(({ connection_id }) => connection_id === place)
      const { state, lan } = now.local_server
      if (chosen?.source !== 'local' || state === 'ready') return { connection: chosen }
      // Nothing is fetched that nobody has agreed to: the card offers it, with its size and where it comes from.
      if (state === 'missing') return undefined
      return (await deeds.start({ download: false, lan })) && { connection: chosen }
    },
  }
}

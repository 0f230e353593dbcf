import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import type { StudioEvent } from '../../core/contract/index.ts'
import type { Connection, StudioClient } from './studio-client.ts'

const StudioContext = createContext<StudioClient | undefined>(undefined)

export const StudioProvider = ({ client, children }: { client: StudioClient; children: ReactNode }) => (
  <StudioContext value={client}>{children}</StudioContext>
)

export function useStudio(): StudioClient {
  const client = useContext(StudioContext)
  if (!client) throw new Error('useStudio outside StudioProvider')
  return client
}

export function useConnection(): Connection {
  const studio = useStudio()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => studio.onConnection(setConnection), [studio])
  return connection
}

/** The listener may change with every render. */
export function useStudioEvent(listener: (event: StudioEvent) => void): void {
  const studio = useStudio()
  useEffect(() => studio.onEvent(listener), [studio, listener])
}

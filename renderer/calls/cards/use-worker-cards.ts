import { useMemo } from 'react'
import { useOperation } from '../../client/use-operation.ts'
import type { CallCard } from './call-cards.ts'
import { workerCards } from './worker-cards.ts'

/** Of a room call; a direct call needs no worker and asks nothing. */
export function useWorkerCards(connection_id: string | undefined): readonly CallCard[] {
  const list = useOperation('connection.list', connection_id === undefined ? undefined : {}, ['connection.changed'])
  const worker = list.value?.worker
  return useMemo(() => workerCards(worker, connection_id), [worker, connection_id])
}

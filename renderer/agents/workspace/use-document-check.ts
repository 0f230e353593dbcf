import { useEffect, useState } from 'react'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { useOperation } from '../../client/use-operation.ts'
import type { DraftStore } from '../draft-store.ts'
import type { DocumentCheck } from './check-document.ts'

const CHECK_AFTER_MS = 150

/**
 * Checks a while after the last keystroke, so that typing never waits for it: whoever uses this is drawn anew for each check, and not
 * for each letter. The checker loads with the first check.
 */
export function useDocumentCheck(draft: DraftStore | undefined): DocumentCheck | undefined {
  const [check, setCheck] = useState<DocumentCheck>()
  const { value } = useOperation('extension.list', {}, ['processes.changed'])
  const types = value?.extensions.map(({ agent_type }) => agent_type).join(' ') ?? ''
  useEffect(() => {
    if (!draft) return
    let current = true
    let timer: ReturnType<typeof setTimeout> | undefined
    let seen: DocumentJson | undefined
    const look = () => {
      const content = draft.store.getState().draft?.content
      if (!content || content === seen) return
      seen = content
      clearTimeout(timer)
      timer = setTimeout(() => {
        void import('./check-document.ts').then(({ checkDocument }) => {
          if (current) setCheck(checkDocument(content, types.split(' ')))
        })
      }, CHECK_AFTER_MS)
    }
    const off = draft.store.subscribe(look)
    look()
    return () => {
      current = false
      clearTimeout(timer)
      off()
      setCheck(undefined)
    }
  }, [draft, types])
  return check
}

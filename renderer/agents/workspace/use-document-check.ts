import { useEffect, useState } from 'react'
import type { DocumentJson } from '../../../core/contract/index.ts'
import type { DocumentCheck } from './check-document.ts'

const CHECK_AFTER_MS = 150

/** Checks a while after the last keystroke, so that typing never waits for it. The checker loads with the first check. */
export function useDocumentCheck(content: DocumentJson | undefined): DocumentCheck | undefined {
  const [check, setCheck] = useState<DocumentCheck>()
  useEffect(() => {
    if (!content) return
    let current = true
    const timer = setTimeout(() => {
      void import('./check-document.ts').then(({ checkDocument }) => {
        if (current) setCheck(checkDocument(content))
      })
    }, CHECK_AFTER_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [content])
  return check
}

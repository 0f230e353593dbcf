import { useEffect, useRef } from 'react'
import { pointerParts } from '../document-edit.ts'
import type { Finding } from './check-document.ts'

const REVEAL = 'greenroom:reveal'

class RevealEvent extends Event {
  readonly finding: Finding

  constructor(finding: Finding) {
    super(REVEAL)
    this.finding = finding
  }
}

export const reveal = (finding: Finding): boolean => window.dispatchEvent(new RevealEvent(finding))

/** Called when somebody jumps to a finding; a tab that is just being mounted hears it in the next frame. */
export function useReveal(listener: (finding: Finding) => void): void {
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => {
    const hear = (event: Event) => {
      if (event instanceof RevealEvent) latest.current(event.finding)
    }
    window.addEventListener(REVEAL, hear)
    return () => window.removeEventListener(REVEAL, hear)
  }, [])
}

/** Focuses the control that carries `data-pointer`, or the nearest one above it. */
export function focusPointer(pointer: string): void {
  const parts = pointerParts(pointer)
  for (let length = parts.length; length > 0; length -= 1) {
    const above = `/${parts.slice(0, length).join('/')}`
    const found = document.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(above)}"]`)
    if (!found) continue
    found.scrollIntoView({ block: 'nearest' })
    found.focus()
    return
  }
}

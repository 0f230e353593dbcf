import { useState, type ClipboardEvent, type ReactNode } from 'react'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { insertText } from './insert-text.ts'
import { keysInText, type KeyInText } from './pasted-keys.ts'
import { PastedKeyDialog } from './pasted-key-dialog.tsx'

/** A paste that was stopped on its way into the agent. */
export type StoppedPaste = Readonly<{ text: string; keys: readonly KeyInText[]; target: HTMLElement }>

/** Fields that take keys themselves, and what is said to the agent rather than written into it. */
const NOT_GUARDED = '[data-takes-keys], #panel-call'

/** Wherever text is pasted into an agent, a key in it is offered a place in the secret store before it gets into the document. */
export function PasteGuard({ className, children }: { className: string | undefined; children: ReactNode }) {
  const { read_only } = useWorkspace()
  const [stopped, setStopped] = useState<StoppedPaste>()
  const guard = (event: ClipboardEvent<HTMLDivElement>) => {
    const { target } = event
    if (read_only || !(target instanceof HTMLElement) || target.closest(NOT_GUARDED)) return
    const text = event.clipboardData.getData('text/plain')
    const keys = keysInText(text, placeOf(target))
    if (keys.length === 0) return
    event.preventDefault()
    event.stopPropagation()
    setStopped({ text, keys, target })
  }
  const close = (text: string) => {
    setStopped(undefined)
    if (!stopped) return
    // After the dialog has given the focus back.
    requestAnimationFrame(() => requestAnimationFrame(() => insertText(stopped.target, text)))
  }
  return (
    <>
      <div className={className} onPasteCapture={guard}>
        {children}
      </div>
      {stopped && <PastedKeyDialog stopped={stopped} onClose={close} />}
    </>
  )
}

/** The name of the value that is being typed, which tells places for keys from prose. */
const placeOf = (target: HTMLElement): string =>
  target.closest<HTMLElement>('[data-pointer]')?.dataset['pointer']?.split('/').at(-1) ?? ''

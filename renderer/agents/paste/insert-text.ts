/** Puts text where the caret was when the paste was stopped: an editor gets it as a paste of its own, a plain field as if it were typed. */
export function insertText(target: HTMLElement, text: string): void {
  target.focus()
  if (text === '') return
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', text)
  const taken = !target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  if (taken || !(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return
  target.setRangeText(text, target.selectionStart ?? 0, target.selectionEnd ?? 0, 'end')
  target.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

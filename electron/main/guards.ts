import { app, shell, type Session, type WebContents } from 'electron'

/**
 * Threat: the page shows text from models, callers and imported files. If any of it ever ran as code or moved the window elsewhere, it
 * must find a browser tab's rights and less: no other site in the window, no new windows, no device but the microphone, and that only
 * for the host's own page.
 */
export type OwnOrigin = () => string | undefined

function originOf(url: string): string | undefined {
  try {
    return new URL(url).origin
  } catch {
    // Not a URL: no origin, so nothing is allowed for it.
    return undefined
  }
}

export function guardPermissions(session: Session, ownOrigin: OwnOrigin): void {
  const isOwn = (url: string | undefined): boolean =>
    url !== undefined && ownOrigin() !== undefined && originOf(url) === ownOrigin()

  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const isOwnPage = isOwn(details.requestingUrl) && details.isMainFrame
    callback(isOwnPage && (permission === 'media' ? isAudioOnly(details) : isHarmless(permission)))
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    if (!isOwn(requestingOrigin) || !details.isMainFrame) return false
    return permission === 'media' ? details.mediaType === 'audio' : isHarmless(permission)
  })
  session.setDevicePermissionHandler(() => false)
}

/** Copying a transcript, and choosing the loudspeaker. */
const isHarmless = (permission: string): boolean =>
  permission === 'clipboard-sanitized-write' || permission === 'speaker-selection'

const isAudioOnly = (details: object): boolean =>
  'mediaTypes' in details &&
  Array.isArray(details.mediaTypes) &&
  details.mediaTypes.length > 0 &&
  details.mediaTypes.every((type) => type === 'audio')

/** Links to documentation open in the user's browser; everything else that would leave the host's page stays shut. */
export function guardNavigation(ownOrigin: OwnOrigin): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    const refuseForeign = (event: { preventDefault: () => void }, url: string): void => {
      if (originOf(url) === ownOrigin()) return
      event.preventDefault()
      openOutside(url)
    }
    contents.on('will-navigate', refuseForeign)
    contents.on('will-redirect', refuseForeign)
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url)
      return { action: 'deny' }
    })
  })
}

function openOutside(url: string): void {
  if (originOf(url)?.startsWith('https://')) void shell.openExternal(url)
}

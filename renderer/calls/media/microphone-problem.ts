export type MicrophoneProblem = Readonly<{
  kind: 'denied' | 'missing' | 'in_use' | 'gone' | 'insecure' | 'failed'
  message: string
  hint: string
}>

const TYPE_INSTEAD = 'Until then you can type what the caller says.'

const PROBLEMS: Readonly<Record<Exclude<MicrophoneProblem['kind'], 'failed'>, Readonly<{ message: string; hint: string }>>> = {
  denied: {
    message: 'The microphone was not allowed',
    hint: `Allow it for this page (the microphone or lock sign beside the address), or in the system's privacy settings, then press Try again. ${TYPE_INSTEAD}`,
  },
  missing: { message: 'No microphone was found', hint: `Connect one, then press Try again. ${TYPE_INSTEAD}` },
  in_use: {
    message: 'The microphone is there, but it gives no sound to this page',
    hint: `Another program may hold it: close that one, or choose another microphone in the device menu. ${TYPE_INSTEAD}`,
  },
  gone: {
    message: 'The microphone was disconnected',
    hint: `Connect it again, or choose another one in the device menu. ${TYPE_INSTEAD}`,
  },
  insecure: {
    message: 'This page may not use a microphone',
    hint: `Open Greenroom at the address that it printed when it started (http://127.0.0.1:…). ${TYPE_INSTEAD}`,
  },
}

/** What went wrong when the microphone was asked for: cause and way out, by the name of the browser's exception. */
export function microphoneProblem(cause: unknown): MicrophoneProblem {
  const kind = kindOf(cause instanceof Error ? cause.name : '')
  if (kind !== 'failed') return { kind, ...PROBLEMS[kind] }
  const detail = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : ''
  return {
    kind,
    message: `The microphone could not be opened${detail}`,
    hint: `Press Try again, or choose another one in the device menu. ${TYPE_INSTEAD}`,
  }
}

export const microphoneGone: MicrophoneProblem = { kind: 'gone', ...PROBLEMS.gone }
export const microphoneInsecure: MicrophoneProblem = { kind: 'insecure', ...PROBLEMS.insecure }

function kindOf(name: string): MicrophoneProblem['kind'] {
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      return 'denied'
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'missing'
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'in_use'
    case 'SecurityError':
      return 'insecure'
    default:
      return 'failed'
  }
}

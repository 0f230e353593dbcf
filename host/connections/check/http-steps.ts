import { httpAddress } from '../connection-url.ts'
import type { Found } from './found.ts'
import { ask, type Answer, type Answered } from './reach.ts'

/** LiveKit refuses a join without a token, and says so as plain text; nothing else has this address. */
export function identityStep(root: Answered, validate: Answer): Found {
  if ('failure' in validate) {
    return failed(
      `It stopped answering (${validate.failure.message}).`,
      'Try again; if it stays, look into the log of the server.',
    )
  }
  if (/HTTP request to an HTTPS server/.test(root.text))
    return failed('The server wants TLS there.', 'Use wss:// instead of ws://.')
  if (root.status === 406) {
    return failed('This is LiveKit, but it says that it is not ready.', 'Look into its log; a cluster may have lost its Redis.')
  }
  const isLiveKit = validate.status === 401 && /token|permission|authorization/i.test(validate.text)
  if (isLiveKit) return { step: { state: 'ok', detail: 'It is a LiveKit server.' } }
  const what = [`HTTP ${validate.status}`, root.type.split(';')[0], root.server].filter(Boolean).join(', ')
  return failed(
    `Something answers, but it is not LiveKit (${what}).`,
    'Use the address of the LiveKit server itself (port 7880 unless it was changed), not of an application or a dashboard.',
  )
}

/** Beyond this the server refuses tokens that were made here: it allows a minute. */
const MOST_SKEW_S = 55
const NOTABLE_S = 10

export function clockStep({ date, at }: Answered, now: () => number): Found {
  const theirs = date === null ? NaN : Date.parse(date)
  if (Number.isNaN(theirs)) return { step: { state: 'skipped', detail: 'The server does not say what time it is.' } }
  // The header has whole seconds; half of one is its middle.
  const skew_s = Math.round((theirs + 500 - at - (now() - Date.now())) / 1000)
  if (Math.abs(skew_s) <= NOTABLE_S) return { step: { state: 'ok', detail: 'Its clock and the one here agree.' } }
  const detail = `The server's clock is ${span(Math.abs(skew_s))} ${skew_s > 0 ? 'ahead of' : 'behind'} the one of this machine.`
  const hint = 'Let both machines set their clocks by the network (NTP).'
  if (Math.abs(skew_s) <= MOST_SKEW_S) return { step: { state: 'warning', detail, hint } }
  const why = skew_s > 0 ? 'have run out' : 'are not valid yet'
  return { step: { state: 'failed', detail: `${detail} Tokens that are made here ${why} there.`, hint } }
}

const span = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`)

export async function keysStep(url: string, token: string, clock: Found, signal: AbortSignal): Promise<Found> {
  const answer = await ask(httpAddress(url, `/rtc/validate?access_token=${encodeURIComponent(token)}`), signal)
  if ('failure' in answer) return failed('It stopped answering.', 'Try again.')
  if (answer.status === 200) return { step: { state: 'ok', detail: 'API key and secret are accepted.' } }
  if (answer.status !== 401) return failed(`The server answered ${answer.status} to a token.`, 'Look into its log.')
  // What it says holds the whole token: it is read, and never repeated.
  if (/invalid API key/i.test(answer.text)) {
    return failed('The server does not know this API key.', 'Look whether key and address belong to the same project or server.')
  }
  if (/signature|cryptographic/i.test(answer.text)) {
    return failed(
      'The server knows the API key, but the secret is wrong.',
      'Copy the secret again; it is shown once when a key is made.',
    )
  }
  if (/expired|not valid yet|nbf|exp\b/i.test(answer.text) || clock.step.state === 'failed') {
    return failed(
      'The server refuses the token because of its time.',
      'Set the clocks of this machine and the server by the network (NTP).',
    )
  }
  if (/unknown field/i.test(answer.text)) {
    return failed('The server is too old for something in the token.', 'Use a newer livekit-server.')
  }
  return failed(
    'The server refuses API key or secret (401).',
    'Enter both again as they stand in the project or in the server’s configuration.',
  )
}

const failed = (detail: string, hint: string): Found => ({ step: { state: 'failed', detail, hint }, stop: true })

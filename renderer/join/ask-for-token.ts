/** The invitation cannot be used. `forGood`: another try is of no use. */
export class Refused extends Error {
  readonly forGood: boolean
  constructor(message: string, forGood: boolean) {
    super(message)
    this.name = 'Refused'
    this.forGood = forGood
  }
}

const REASONS: Readonly<Record<number, string>> = {
  403: 'This link is not right. Scan the code again.',
  409: 'This link was used on another device already. Ask for a new one.',
  410: 'This invitation has run out. Ask for a new one.',
}

/** What opens the room, for the secret of the link or for the cookie of an earlier visit. Throws Refused. */
export async function askForToken(secret: string, name: string): Promise<string> {
  const response = await fetch('/join', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...(secret !== '' && { secret }), name }),
  }).catch(() => {
    throw new Refused('The invitation is closed, or this device is in another network.', false)
  })
  if (!response.ok) throw new Refused(REASONS[response.status] ?? 'The invitation cannot be used.', response.status in REASONS)
  const reply: unknown = await response.json()
  if (typeof reply === 'object' && reply !== null && 'token' in reply && typeof reply.token === 'string') return reply.token
  throw new Refused('The invitation gave no way in.', false)
}

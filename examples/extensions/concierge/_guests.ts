/** In the place of the hotel's own system. Names that begin with "_" are no extensions of their own. */
const GUESTS: Readonly<Record<string, { name: string; room: number; likes: string }>> = {
  'user-7': { name: 'Ana Ferreira', room: 12, likes: 'quiet rooms and green tea' },
}

export const findGuest = (user_id: unknown) => (typeof user_id === 'string' ? GUESTS[user_id] : undefined)

export type Sized<Message> = Readonly<{ message: Message; tokens: number }>

/**
 * Which messages a model is shown when not all of them fit: what comes first (`fixed`) and the newest, without the `dropped` oldest of
 * the rest. Once some have to go, enough go to fit for a while: every drop makes the model read everything anew.
 */
export function fitHistory<Message>(
  messages: readonly Sized<Message>[],
  { fixed, room, dropped }: { fixed: number; room: number; dropped: number },
): { messages: readonly Sized<Message>[]; dropped: number } {
  const [first, rest] = [messages.slice(0, fixed), messages.slice(fixed)]
  const total = (list: readonly Sized<Message>[]) => list.reduce((sum, { tokens }) => sum + tokens, 0)
  const most = room - total(first)
  let gone = Math.min(dropped, Math.max(0, rest.length - 1))
  if (total(rest.slice(gone)) > most) {
    while (gone < rest.length - 1 && total(rest.slice(gone)) > most * LEAVE) gone += 1
  }
  return { messages: [...first, ...rest.slice(gone)], dropped: gone }
}

const LEAVE = 0.6

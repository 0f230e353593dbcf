import * as z from 'zod'

/** In JSON; more than an app has to say, and less than a queue or a room minds. */
const MOST_CHARACTERS = 15_000

/** What an app sends into a call for the extension of its agent (hook `onEvent`): over REST, or through the room. */
export const CustomEvent = z
  .object({ name: z.string().trim().min(1).max(100), data: z.json().default(null) })
  .refine(({ data }) => JSON.stringify(data).length <= MOST_CHARACTERS, {
    path: ['data'],
    message: `is longer than ${MOST_CHARACTERS} characters of JSON; send what is larger another way, and its address here`,
  })
export type CustomEvent = Readonly<z.infer<typeof CustomEvent>>

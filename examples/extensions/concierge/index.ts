/*
 * An agent type with a memory of guests: agents with `"agent_type": "concierge"` know who calls, are told what goes on in the house, and can
 * look up and book rooms. Try it: greenroom serve --extensions examples/extensions
 */
import { defineExtension } from 'greenroom/extension'
import * as z from 'zod'
import { findGuest } from './_guests.ts'

export default defineExtension({
  agent_type: 'concierge',
  name: 'Hotel concierge',

  hooks: {
    /** Once, before the greeting: the prompt may say {{ guest.name }}. */
    onEnter({ variables, state }) {
      const guest = findGuest(variables['user_id'])
      state['turns'] = 0
      return (
        guest && {
          variables: { guest },
          context: `The caller is ${guest.name}, in room ${guest.room}, and likes ${guest.likes}.`,
        }
      )
    },

    /** Before each answer: short, because the caller waits. */
    beforeTurn({ state }, { heard }) {
      if (/\b(fire|help|emergency)\b/i.test(heard)) {
        return { instructions: 'This is an emergency. Say that help is on its way, and ask which room the caller is in.' }
      }
      return state['pool_closed'] === true ? { context: 'The pool is closed today.' } : undefined
    },

    /** Nobody waits for this one: the place to write things down. */
    afterTurn({ state }, { output }) {
      state['turns'] = Number(state['turns']) + 1
      state['last_output'] = output
    },

    /** What the hotel's own app sends into the call: POST /api/v1/sessions/ID/events, or RPC agent.event in the room. */
    onEvent({ state, tenant_id }, { name, data }) {
      // One server, several hotels: this one is of those that have a pool.
      if (name !== 'pool' || tenant_id === 'city_hotel') return undefined
      const isClosed = data === 'closed'
      state['pool_closed'] = isClosed
      return { context: `News of the pool: it is ${isClosed ? 'closed' : 'open'} now.` }
    },
  },

  tools: [
    {
      name: 'find_room',
      description: 'Finds a free room and its price.',
      parameters: z.object({
        nights: z.int().min(1).max(30).describe('How many nights'),
        view: z.enum(['sea', 'garden']).describe('What the room looks out on'),
      }),
      idempotent: true,
      filler: 'One moment, I am looking.',
      run({ nights, view }, { state }) {
        return { room: view === 'sea' ? 204 : 17, price: Number(nights) * (view === 'sea' ? 180 : 120), turns: state['turns'] }
      },
    },
  ],
})

/*
 * The page for guests: it joins one room and does nothing else. Threat model: names of others come from outside and are shown as text only.
 * The link's secret is taken out of the address bar at once, so that it is neither bookmarked nor read off the screen.
 */
import { Room, setLogLevel } from 'livekit-client'
import { askForToken, Refused } from './ask-for-token.ts'
import { enterRoom } from './enter-room.ts'
import { element } from './element.ts'

setLogLevel('warn')
const secret = location.hash.slice(1)
history.replaceState(null, '', location.pathname)

const state = element('state', HTMLElement)
const ask = element('ask', HTMLFormElement)
const call = element('call', HTMLElement)
const say = (text: string): void => void (state.textContent = text)

ask.addEventListener('submit', (event) => {
  event.preventDefault()
  void join(element('name', HTMLInputElement).value.trim())
})

async function join(name: string): Promise<void> {
  ask.hidden = true
  say('Joining…')
  try {
    const token = await askForToken(secret, name)
    await enterRoom(new Room(), token, {
      say,
      onIn: () => (call.hidden = false),
      onOut: (why) => {
        call.hidden = true
        ask.hidden = false
        say(why)
      },
    })
  } catch (cause) {
    call.hidden = true
    ask.hidden = cause instanceof Refused && cause.forGood
    say(
      cause instanceof Refused
        ? cause.message
        : `The call could not be joined (${cause instanceof Error ? cause.message : String(cause)}).`,
    )
  }
}

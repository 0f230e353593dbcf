import type { JsonObject } from '../../../core/json.ts'

/** One thing that a caller says, and what has to stand in the fields then. The fields are rows of a document's table. */
export type FieldCase = Readonly<{
  name: string
  instructions: string
  fields: readonly JsonObject[]
  /** What was said before: the caller, then the agent, in turn. */
  before?: readonly string[]
  said: string
  holds: (output: JsonObject) => boolean
}>

const spoken = { field_name: 'system_response', field_type: 'str', description: 'What is said to the caller.' }
const row = (field_name: string, field_type: string, description: string, constraints: JsonObject = {}) => ({
  field_name,
  field_type,
  description,
  constraints,
})
const text = (output: JsonObject, name: string) => {
  const value = output[name]
  return typeof value === 'string' ? value.toLowerCase() : ''
}

const SUPPORT = 'You answer the telephone of an online shop. Be brief and kind, and file what each call is about.'
const topic = row('topic', "Literal['billing', 'delivery', 'technical']", 'What the call is about.')
const RESTAURANT = 'You take reservations for a restaurant on the telephone. Be brief and kind.'
const guests = row('guests', 'int', 'For how many people the table is.', { ge: 1, le: 12 })
const CALLBACK = 'You answer the telephone of a law office. Find out whether the caller wants to be called back.'
const wants_callback = row('wants_callback', 'bool', 'Whether the caller wants to be called back.')
const PIZZA = 'You take orders for a pizza place on the telephone. Be brief and kind.'
const toppings = row('toppings', 'list[str]', 'The toppings that the caller has named.', { max_items: 4, max_length: 30 })
const mood = row('mood', "Literal['happy', 'angry', 'neutral']", 'How the caller feels.')
const stage = row('stage', "Literal['greeting', 'questions', 'goodbye']", 'Where the conversation is.')
const caller_name = row('caller_name', 'str', 'The name of the caller, and nothing else.', { max_length: 40 })

/** Fixed, so that the share of one model can be compared with another's; what they ask is what agents in calls ask. */
export const fieldCases: readonly FieldCase[] = [
  {
    name: 'a choice: delivery',
    instructions: SUPPORT,
    fields: [topic, spoken],
    said: 'My parcel has still not arrived at my house.',
    holds: (output) => output['topic'] === 'delivery',
  },
  {
    name: 'a choice: billing',
    instructions: SUPPORT,
    fields: [topic, spoken],
    said: 'You have charged my credit card twice and I want my money back.',
    holds: (output) => output['topic'] === 'billing',
  },
  {
    name: 'a choice: technical',
    instructions: SUPPORT,
    fields: [topic, spoken],
    said: 'The app crashes with an error whenever I open it.',
    holds: (output) => output['topic'] === 'technical',
  },
  {
    name: 'a number in digits',
    instructions: RESTAURANT,
    fields: [guests, spoken],
    said: 'A table for 4 people tonight, please.',
    holds: (output) => output['guests'] === 4,
  },
  {
    name: 'a number in words',
    instructions: RESTAURANT,
    fields: [guests, spoken],
    said: 'There will be seven of us on Friday.',
    holds: (output) => output['guests'] === 7,
  },
  {
    name: 'yes',
    instructions: CALLBACK,
    fields: [wants_callback, spoken],
    said: 'Yes, please call me back this afternoon.',
    holds: (output) => output['wants_callback'] === true,
  },
  {
    name: 'no',
    instructions: CALLBACK,
    fields: [wants_callback, spoken],
    said: 'No, do not call me back. I will write to you instead.',
    holds: (output) => output['wants_callback'] === false,
  },
  {
    name: 'a list',
    instructions: PIZZA,
    fields: [toppings, spoken],
    said: 'I would like a large pizza with mushrooms and olives.',
    holds: ({ toppings: found }) =>
      Array.isArray(found) &&
      ['mushroom', 'olive'].every((word) => found.some((item) => String(item).toLowerCase().includes(word))),
  },
  {
    name: 'a mood',
    instructions: SUPPORT,
    fields: [mood, spoken],
    said: 'This is the worst service I have ever seen, and I am furious!',
    holds: (output) => output['mood'] === 'angry',
  },
  {
    name: 'a stage',
    instructions: 'You interview people about their work. First greet, then ask, and say goodbye when they want to end.',
    fields: [stage, spoken],
    before: ['Hello, I am a nurse.', 'Nice to meet you. What do you like about it?'],
    said: 'I have to go now. Thank you and goodbye!',
    holds: (output) => output['stage'] === 'goodbye',
  },
  {
    name: 'a name that the caller says',
    instructions: SUPPORT,
    fields: [spoken, caller_name],
    said: 'Hello, my name is Daniel and I have a question.',
    holds: (output) => /^daniel\b/.test(text(output, 'caller_name')),
  },
  {
    name: 'a name that the prompt says',
    instructions: 'Your name is Nora, and you answer the telephone of a dentist. When asked, you always say your name.',
    fields: [spoken],
    said: 'Hello, what is your name?',
    holds: (output) => text(output, 'system_response').includes('nora'),
  },
  {
    name: 'a question at the end',
    instructions: 'You interview people about their hobbies. End every reply with exactly one question.',
    fields: [spoken],
    said: 'I like to paint with water colours.',
    holds: (output) => text(output, 'system_response').trimEnd().endsWith('?'),
  },
  {
    name: 'something said before',
    instructions: RESTAURANT,
    fields: [row('city', "Literal['Berlin', 'Madrid', 'Paris', 'unknown']", 'The city in which the caller lives.'), spoken],
    before: ['I am calling from Madrid, where I live.', 'Good to hear from you. How can I help you?'],
    said: 'I would like a table for Sunday.',
    holds: (output) => output['city'] === 'Madrid',
  },
]

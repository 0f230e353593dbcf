import type { WrittenKind } from '../../../core/tools/tool.ts'
import type { JsonValue } from '../document-edit.ts'

/** What a person chooses when a tool is added. */
export const KINDS: readonly Readonly<{ kind: WrittenKind; label: string; help: string }>[] = [
  { kind: 'http', label: 'HTTP request', help: 'Asks a web service: looks something up, books, files a ticket' },
  { kind: 'client', label: 'In your app', help: 'The caller’s app does it: opens a page, fills in a form (RPC)' },
  { kind: 'end_call', label: 'End the call', help: 'The agent says goodbye and hangs up' },
  { kind: 'handoff', label: 'Hand over', help: 'Another agent goes on with this call' },
]

export const kindLabel = (kind: WrittenKind | 'other'): string =>
  KINDS.find((one) => one.kind === kind)?.label ?? 'Not known here'

/** A tool of this kind that can be filled in from here. */
export const BLANKS: Readonly<Record<WrittenKind, Readonly<Record<string, JsonValue>> & Readonly<{ name: string }>>> = {
  http: {
    type: 'http',
    name: 'new_tool',
    description: '',
    parameters: [],
    method: 'GET',
    url: 'https://example.com/',
  },
  client: { type: 'client', name: 'new_tool', description: '', parameters: [] },
  end_call: {
    type: 'end_call',
    name: 'end_call',
    description: 'Ends the call. Use it when the caller has said goodbye or has nothing more to ask.',
  },
  handoff: { type: 'handoff', name: 'hand_over', description: '', agent_id: '', history: 'keep' },
}

const parameter = (field_name: string, description: string, more: Readonly<Record<string, JsonValue>> = {}) => ({
  field_name,
  field_type: 'str',
  description,
  required: true,
  constraints: {},
  metadata: {},
  ...more,
})

export type ToolExample = Readonly<{ id: string; title: string; help: string; tool: (typeof BLANKS)[WrittenKind] }>

/** Ready to be tried: each answers with its mock where nothing is there to be asked. */
export const EXAMPLES: readonly ToolExample[] = [
  {
    id: 'order',
    title: 'Look up an order',
    help: 'GET with the number that the caller says; the agent tells what came back',
    tool: {
      type: 'http',
      name: 'look_up_order',
      description: 'Looks up an order and says where it is. Use it when the caller asks about an order and has told its number.',
      parameters: [parameter('order_id', 'The number of the order, digits only', { constraints: { pattern: '^[0-9]{3,12}$' } })],
      method: 'GET',
      url: 'https://shop.example.com/api/orders/{{ arguments.order_id }}',
      timeout_ms: 8000,
      idempotent: true,
      filler: 'One moment, I am looking that up.',
      filler_after_ms: 1200,
      mock: { order_id: '4711', status: 'shipped', arrives: 'Thursday' },
    },
  },
  {
    id: 'slot',
    title: 'Book a slot',
    help: 'POST that changes something: never repeated by itself after a crash',
    tool: {
      type: 'http',
      name: 'book_slot',
      description: 'Books an appointment. Use it only after the caller has agreed to the day and the time.',
      parameters: [
        parameter('day', 'The day, as YYYY-MM-DD', { constraints: { pattern: '^\\d{4}-\\d{2}-\\d{2}$' } }),
        parameter('time', 'The time, as HH:MM', { constraints: { pattern: '^\\d{2}:\\d{2}$' } }),
        parameter('name', 'The name of the caller'),
      ],
      method: 'POST',
      url: 'https://calendar.example.com/api/slots',
      timeout_ms: 10_000,
      idempotent: false,
      filler: 'I am booking that for you.',
      filler_after_ms: 1000,
      mock: { booked: true, reference: 'A-204' },
    },
  },
  {
    id: 'end',
    title: 'End the call',
    help: 'The agent finishes its sentence, then hangs up',
    tool: BLANKS.end_call,
  },
]

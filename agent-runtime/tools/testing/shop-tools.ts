import type { HttpService } from './http-service.ts'

/** Looks an order up at the test's other system, with a key of its own. */
export const orderTool = ({ url }: HttpService, more: object = {}) => ({
  type: 'http',
  name: 'find_order',
  description: 'Looks an order up by its number.',
  method: 'GET',
  url: `${url}/orders/{{ arguments.order_id }}`,
  headers: { authorization: 'Bearer {{ secrets.crm }}' },
  secrets: { crm: 'secret:crm' },
  parameters: [{ field_name: 'order_id', field_type: 'str', description: 'Such as A17.', constraints: { max_length: 10 } }],
  ...more,
})

/** Has an effect, and no answer before the test gives one. */
export const bookingTool = ({ url }: HttpService, more: object = {}) => ({
  type: 'http',
  name: 'book_table',
  description: 'Reserves a table.',
  url: `${url}/wait`,
  timeout_ms: 60_000,
  parameters: [{ field_name: 'guests', field_type: 'int' }],
  ...more,
})

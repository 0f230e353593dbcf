/*
 * Threat model: see `render-request.ts`; here an argument must neither leave its place in the URL nor make the URL mean another one.
 */
import { createLiquid } from '../agent/liquid-engine.ts'
import { readPath } from '../agent/prompt.ts'
import { templateVariables } from '../agent/template-variables.ts'
import type { JsonObject } from '../json.ts'
import { addressHost } from '../providers/index.ts'
import { BadTemplate } from './bad-template.ts'
import { printed } from './printed.ts'

/** Throws `BadTemplate` for what is no address, or another one than the template means; and what Liquid throws. */
export function renderUrl(template: string, scope: JsonObject): string {
  const text = inUrl().parseAndRenderSync(template.trim().replace(LAST_ENCODER, '$1'), scope)
  const url = address(text.replaceAll(NOTHING, ''))
  refuseGaps(text, template, scope)
  return url
}

/** Stands in a URL where a value printed nothing; a noncharacter, so that no text has it. */
const NOTHING = '\uFFFF'

/** `/orders/{{ arguments.id }}` without an id would mean all orders. */
function refuseGaps(text: string, template: string, scope: JsonObject): void {
  if (!new RegExp(`/${NOTHING}+(?=[/?#]|$)`).test(text.replace(/[?#][^]*$/, ''))) return
  const empty = templateVariables(template).filter(({ name }) => printed(readPath(scope, name)) === '')
  const names = empty.map(({ name }) => name).join(', ')
  throw new BadTemplate(
    `a part of the path of its URL is empty${names && `: nothing is in ${names}`}`,
    'Give it a value. A part that may be missing needs {% if %} around it and its "/".',
  )
}

function address(text: string): string {
  if (/^wss?:/i.test(text) || !addressHost(text)) throw new BadTemplate('its URL must begin with https:// or http:// and be one')
  // It means the folder above, also when it is encoded: no encoding keeps it in its place.
  if (/\/(?:\.|%2e){1,2}(?=[/?#]|$)/i.test(text.replace(/[?#][^]*$/, '')))
    throw new BadTemplate('a part of the path of its URL is "." or ".."')
  return text
}

/** The arguments that the URL does not name; what it names stands there already. */
export function unnamedIn(template: string, given: JsonObject): JsonObject {
  const named = new Set(templateVariables(template).map(({ name }) => name.split('.').slice(0, 2).join('.')))
  return Object.fromEntries(Object.entries(given).filter(([name]) => !named.has(`arguments.${name}`) && !named.has('arguments')))
}

export function withQuery(url: string, given: JsonObject): string {
  const query = Object.entries(given).flatMap(([name, value]) =>
    value === null ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(printed(value))}`],
  )
  if (query.length === 0) return url
  const [place = '', fragment] = url.split('#', 2)
  return `${place}${place.includes('?') ? '&' : '?'}${query.join('&')}${fragment === undefined ? '' : `#${fragment}`}`
}

const ENCODERS = ['url_encode', 'cgi_escape', 'uri_escape']
/** Every value is encoded when it is printed, so that one at the end does nothing more. */
const LAST_ENCODER = new RegExp(`\\|\\s*(?:${ENCODERS.join('|')})\\s*(-?\\}\\})`, 'g')

/** `raw` prints a value as it is, such as the beginning of an address in a variable. */
function inUrl() {
  const liquid = createLiquid((value) => encodeURIComponent(printed(value).replaceAll(NOTHING, '')) || NOTHING)
  for (const name of ENCODERS) liquid.registerFilter(name, { raw: true, handler: (value) => encodeURIComponent(printed(value)) })
  return liquid
}

import { InvalidArgumentError, type Command } from 'commander'
import { StudioError } from '../../core/contract/errors.ts'
import type { PriceEntry, PriceSnapshot } from '../../core/contract/providers.ts'
import { findProvider, type ProviderKind } from '../../core/providers/index.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'

type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>
type Amounts = Readonly<{
  input?: number
  output?: number
  cachedInput?: number
  audioInput?: number
  audioOutput?: number
  minute?: number
  characters?: number
}>
type PriceOptions = Amounts & Readonly<{ source?: string; reset?: boolean }>

export function addPriceCommand(prices: Command, within: Within, kindOf: (text: string) => ProviderKind): void {
  prices
    .description('What models cost, with date and source; with amounts: set the price of one model')
    .argument('[kind]', 'stt, llm, tts', kindOf)
    .argument('[provider]', 'as "providers list" names it')
    .argument('[model]', 'its name')
    .option('--input <usd>', 'dollars for a million tokens read', dollars)
    .option('--cached-input <usd>', 'the same, of tokens read before', dollars)
    .option('--output <usd>', 'dollars for a million tokens written', dollars)
    .option('--audio-input <usd>', 'of tokens read that are sound', dollars)
    .option('--audio-output <usd>', 'of tokens written that are sound', dollars)
    .option('--minute <usd>', 'dollars for a minute of audio', dollars)
    .option('--characters <usd>', 'dollars for a million characters', dollars)
    .option('--source <text>', 'where the price stands')
    .option('--reset', 'go back to the catalogue’s')
    .action((kind?: ProviderKind, provider?: string, model?: string, options: PriceOptions = {}) =>
      within((context) => showOrSet(context, { kind, provider, model }, options)),
    )
}

type Asked = Readonly<{ kind: ProviderKind | undefined; provider: string | undefined; model: string | undefined }>

async function showOrSet({ studio, out, isJson }: CommandContext, asked: Asked, options: PriceOptions): Promise<number> {
  const price = priceOf(options)
  const link = await studio()
  const { prices } =
    price || options.reset
      ? await link.call('price.set', { ...requireModel(asked), ...(price && { price }) })
      : await link.call('price.list', {})
  const provider = asked.kind && asked.provider ? (findProvider(asked.kind, asked.provider)?.id ?? asked.provider) : undefined
  const shown = prices.filter(
    (entry) =>
      (asked.kind ?? entry.kind) === entry.kind &&
      (provider ?? entry.provider) === entry.provider &&
      (asked.model ?? entry.model) === entry.model,
  )
  if (isJson) out.json(shown)
  else out.result(table([['KIND', 'PROVIDER', 'MODEL', 'PRICE', 'AS OF', 'SOURCE'], ...shown.map(rowOf)]))
  return 0
}

const rowOf = ({ kind, provider, model, price, own }: PriceEntry): string[] => [
  kind,
  provider,
  model,
  amountText(price),
  price.as_of,
  own ? `${price.source} (own)` : price.source,
]

function amountText(price: PriceSnapshot): string {
  if (price.per === 'minute') return `$${price.usd} a minute`
  if (price.per === 'million_characters') return `$${price.usd} a million characters`
  return `$${price.input_usd} in, $${price.output_usd} out a million tokens`
}

function requireModel({ kind, provider, model }: Asked) {
  if (kind !== undefined && provider !== undefined && model !== undefined) return { kind, provider, model }
  throw new StudioError(
    'malformed',
    'Which model has this price?',
    'Name kind, provider and model: prices llm groq llama-3.3-70b …',
  )
}

/** Undefined when no amounts were given. */
function priceOf({ input, output, minute, characters, source, ...more }: PriceOptions): PriceSnapshot | undefined {
  const { cachedInput, audioInput, audioOutput } = more
  const from = { as_of: new Date().toISOString().slice(0, 10), source: source ?? 'typed in' }
  if (minute !== undefined) return { per: 'minute', usd: minute, ...from }
  if (characters !== undefined) return { per: 'million_characters', usd: characters, ...from }
  if ([input, output, cachedInput, audioInput, audioOutput].every((amount) => amount === undefined)) return undefined
  if (input === undefined || output === undefined)
    throw new StudioError('malformed', 'Half of the price is missing.', 'Give both --input and --output.')
  return {
    per: 'million_tokens',
    input_usd: input,
    output_usd: output,
    ...(cachedInput === undefined ? {} : { cached_input_usd: cachedInput }),
    ...(audioInput === undefined ? {} : { audio_input_usd: audioInput }),
    ...(audioOutput === undefined ? {} : { audio_output_usd: audioOutput }),
    ...from,
  }
}

function dollars(text: string): number {
  const amount = Number(text.replace(/^\$/, ''))
  if (text.trim() !== '' && Number.isFinite(amount) && amount >= 0) return amount
  throw new InvalidArgumentError('It must be dollars, such as 0.15.')
}

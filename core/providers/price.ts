/** What a provider's own price list says, so that a call can be priced; another server behind the same protocol has its own. */
export type Price = Readonly<
  (
    | {
        per: 'million_tokens'
        input_usd: number
        cached_input_usd?: number
        output_usd: number
        /** Of tokens that are sound; absent: as all others. */
        audio_input_usd?: number
        audio_output_usd?: number
      }
    /** Of audio: heard by an STT, made by a TTS. */
    | { per: 'minute'; usd: number }
    | { per: 'million_characters'; usd: number }
  ) & {
    /** The month in which it was looked up (`2026-11`), and where it can be checked. */
    as_of: string
    source: string
  }
>

/**
 * `refused` nobody listens · `hang` no answer at all · `silent` headers (an open WebSocket), then nothing · `slow_first_byte` all of it,
 * late · `drop_midstream` cut after the first piece · `hang_midstream` nothing after the first piece · `status_…` refused, with the key
 * repeated in the text as some providers do (429: Retry-After 7) · `garbage` a web page with 200 · `half_json` ends inside a token ·
 * `wrong_sample_rate` half the rate, said where the protocol has a place to say it · `empty_audio` success without sound.
 */
export const FAULTS = [
  'refused',
  'hang',
  'silent',
  'slow_first_byte',
  'drop_midstream',
  'hang_midstream',
  'status_401',
  'status_402',
  'status_429',
  'status_500',
  'status_503',
  'garbage',
  'half_json',
  'wrong_sample_rate',
  'empty_audio',
] as const
export type Fault = (typeof FAULTS)[number]

export const DTMF_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const
export type DtmfKey = (typeof DTMF_KEYS)[number]

/** The event code of RFC 4733: digits are themselves, `*` is 10, `#` is 11. */
export const dtmfCode = (key: DtmfKey): number => (key === '*' ? 10 : key === '#' ? 11 : Number(key))

export const isDtmfKey = (key: string): key is DtmfKey => DTMF_KEYS.some((one) => one === key)

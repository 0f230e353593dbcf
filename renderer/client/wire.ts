/** The host validates what it sends against the contract; the page trusts it and says so in this one place. */
export const fromWire = <Value>(value: unknown): Value => value as Value

export function matchingText(_pattern: string, _length: { min_length: number; max_length: number }): string | undefined {
  return undefined
}

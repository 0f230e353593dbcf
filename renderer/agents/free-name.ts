/** `name`, or `name 2`, `name 3` … when it is taken: two agents may share a name, but nobody wants to tell them apart. */
export function freeName(name: string, taken: Iterable<string>): string {
  const names = new Set([...taken].map((one) => one.toLowerCase()))
  let number = 1
  while (names.has((number === 1 ? name : `${name} ${number}`).toLowerCase())) number += 1
  return number === 1 ? name : `${name} ${number}`
}

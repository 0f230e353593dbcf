/** Words that a Python or JavaScript client could not use as a name. */
const RESERVED = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield ' +
    'arguments case catch const debugger default delete do enum eval export extends function implements instanceof interface let new null package private protected public static super switch this throw typeof undefined var void'
  ).split(' '),
)

/** Why `name` cannot name a field, or nothing. */
export function fieldNameProblem(name: string): string | undefined {
  if (name === '') return 'a field needs a name'
  if (name.length > 40) return `"${name}" is longer than 40 characters`
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return `"${name}" must be snake_case: small letters, digits and "_", starting with a letter`
  if (RESERVED.has(name)) return `"${name}" is a reserved word in Python or JavaScript`
  return undefined
}

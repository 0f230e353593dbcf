import type { InputOf, OperationName } from '../../core/contract/index.ts'

/** Answers that were asked for while the page's code was still on its way. Each is taken once; later calls ask anew. */
export type EarlyAnswers = Readonly<{ take: (name: string, input: string) => Promise<Response> | undefined }>

export type EarlyQuestion = { [Name in OperationName]: readonly [name: Name, input: InputOf<Name>] }[OperationName]

/** Asks at once; a question that fails is forgotten, and the client asks it again in its own way. */
export function askEarly(questions: readonly EarlyQuestion[]): EarlyAnswers {
  const answers = new Map<string, Promise<Response>>(
    questions.map(([name, input]) => {
      const body = JSON.stringify(input)
      const answer = fetch(`/api/op/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      answer.catch(() => undefined)
      return [`${name} ${body}`, answer] as const
    }),
  )
  return {
    take: (name, input) => {
      const key = `${name} ${input}`
      const answer = answers.get(key)
      answers.delete(key)
      return answer
    },
  }
}

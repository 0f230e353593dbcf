/** So many questions at once: a store far away answers them in the time of a few. */
const AT_ONCE = 25

/** The answers, in the order of the questions. */
export async function together<One, Answer>(all: readonly One[], ask: (one: One) => Promise<Answer>): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (let from = 0; from < all.length; from += AT_ONCE) {
    answers.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(ask))))
  }
  return answers
}

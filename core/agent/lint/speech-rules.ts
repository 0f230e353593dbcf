import { withoutLiquid } from '../liquid-parts.ts'
import type { TextRange } from '../template-variables.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'

type Unspeakable = Readonly<{ rule: string; what: string; pattern: RegExp; hint: string }>

const URL_PATTERN = /\b(?:https?:\/\/|www\.)[^\s<>)"'\]]+/gi
const EMOJI = /\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})*/gu

/** What a voice cannot say as it stands. */
const UNSPEAKABLE: readonly Unspeakable[] = [
  {
    rule: 'speech-markdown',
    what: 'Markdown',
    pattern:
      /\*\*[^*\n]+\*\*|__[^_\n]+__|(?<![*\w])\*[^*\s][^*\n]*\*(?!\w)|^#{1,6} .+$|^[^\S\n]*[-*•] .+$|^[^\S\n]*\d+[.)] .+$|`[^`\n]+`|\[[^[\]\n]+\]\([^()\n]+\)/gm,
    hint: 'The voice reads the signs aloud or stumbles over them: write it as you would say it.',
  },
  {
    rule: 'speech-url',
    what: 'an address',
    pattern: URL_PATTERN,
    hint: 'Nobody writes along on the phone: say "our website" or send it by message.',
  },
  { rule: 'speech-emoji', what: 'an emoji', pattern: EMOJI, hint: 'Emoji are read out by name, or dropped: say it in words.' },
  {
    rule: 'speech-json',
    what: 'JSON or code',
    pattern: /\{\s*"[^"]*"\s*:|```|<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?>/gi,
    hint: 'It would be read aloud sign by sign.',
  },
]

const ASKED =
  'markdown|bullet points?|bullet(?:ed)? lists?|numbered lists?|bold(?: text| type)?|italics?|headings?|emojis?|emoticons?|smileys?|hyperlinks?|clickable links?|code blocks?|html(?: tags)?|ssml'
const REQUEST = new RegExp(
  `\\b(?:use|using|write|reply|respond|answer|speak|format(?:ted)?|include|add|with|in|as)\\b(?:\\s+\\w+){0,4}?\\s+(?:${ASKED})\\b`,
  'gi',
)
const JSON_REQUEST = /\b(?:reply|respond|answer|return|output|write)\b(?:\s+\w+){0,4}?\s+json\b/gi
const SENTENCE = 300
const NEGATION = /\b(?:no|not|never|none|avoid|without|don['’]?t|do not|cannot|can['’]?t|instead of|free of|nor)\b/i

/** What would be read aloud and should not be: in the greeting as it stands, in the prompt as it is asked for. */
export function speechRules({ greeting, instructions, has_fields }: LintView): LintFinding[] {
  return [
    ...UNSPEAKABLE.flatMap((kind) => inGreeting(kind, greeting)),
    ...asked(
      'prompt-unspeakable-style',
      REQUEST,
      instructions,
      'The reply is spoken: ask for short sentences and words instead.',
    ),
    ...(has_fields
      ? asked(
          'prompt-asks-json',
          JSON_REQUEST,
          instructions,
          'The output table says what is written and is told to the model by itself: leave it out of the prompt.',
        )
      : []),
    ...matches(URL_PATTERN, withoutLiquid(instructions)).map(({ text, range }): LintFinding => ({
      rule: 'prompt-url',
      severity: 'warning',
      path: '/prompt_config/instructions',
      message: `the address ${text} may be read aloud letter by letter`,
      hint: 'Write how it is to be said ("our help pages at example dot com"), or take it out.',
      range,
    })),
  ]
}

const inGreeting = ({ rule, what, pattern, hint }: Unspeakable, greeting: string): LintFinding[] =>
  matches(pattern, withoutLiquid(greeting)).map(({ text, range }) => ({
    rule,
    severity: 'warning',
    path: '/prompt_config/greeting',
    message: `the greeting has ${what} in it: ${text.trim()}`,
    hint,
    range,
  }))

function asked(rule: string, pattern: RegExp, instructions: string, hint: string): LintFinding[] {
  return matches(pattern, instructions)
    .filter(({ range }) => !isNegated(instructions, range))
    .map(({ text, range }) => ({
      rule,
      severity: 'warning',
      path: '/prompt_config/instructions',
      message: `the prompt asks for "${text}", which cannot be spoken`,
      hint,
      range,
    }))
}

/** "Never use bullet points": the sentence says no before it comes to the matter, or right in it. */
function isNegated(text: string, { start, end }: TextRange): boolean {
  const before = text.slice(Math.max(0, start - SENTENCE), start)
  const from = Math.max(before.lastIndexOf('.'), before.lastIndexOf('\n'), before.lastIndexOf(':')) + 1
  return NEGATION.test(before.slice(from) + text.slice(start, end))
}

const matches = (pattern: RegExp, text: string): { text: string; range: TextRange }[] =>
  [...text.matchAll(pattern)].map((match) => ({
    text: match[0],
    range: { start: match.index, end: match.index + match[0].length },
  }))

import type { languages } from 'monaco-editor/editor'

export const PROMPT_LANGUAGE = 'greenroom-prompt'

/** Markdown as prompts use it, with Liquid in it. */
export const promptTokens: languages.IMonarchLanguage = {
  defaultToken: '',
  // So that a brace that is still open colours its own line and not the rest of the prompt.
  includeLF: true,
  tokenizer: {
    root: [
      [/\{%-?\s*comment\s*-?%\}/, 'comment', '@comment'],
      [/\{\{-?/, 'liquid.delimiter', '@output'],
      [/\{%-?/, 'liquid.delimiter', '@tag'],
      [/^#{1,6}\s[^{\n]*/, 'heading'],
      [/^\s*([-*+]|\d+[.)])\s/, 'list'],
      [/^\s*>[^{\n]*/, 'quote'],
      [/^\s*(---|\*\*\*)\s*$/, 'list'],
      [/\*\*[^*{]+\*\*/, 'strong'],
      [/`[^`{]*`/, 'code'],
    ],
    output: [[/-?\}\}/, 'liquid.delimiter', '@pop'], [/\n/, '', '@pop'], { include: '@expression' }],
    tag: [
      [/-?%\}/, 'liquid.delimiter', '@pop'],
      [/\n/, '', '@pop'],
      [
        /\b(if|elsif|else|endif|unless|endunless|case|when|endcase|for|endfor|in|break|continue|assign|capture|endcapture|and|or|contains)\b/,
        'liquid.keyword',
      ],
      { include: '@expression' },
    ],
    expression: [
      [/"[^"]*"|'[^']*'/, 'liquid.string'],
      [/\d+(\.\d+)?/, 'liquid.number'],
      [/(\|)(\s*)([a-z_]+)/, ['liquid.delimiter', '', 'liquid.filter']],
      [/[A-Za-z_][\w.-]*/, 'liquid.variable'],
    ],
    comment: [
      [/\{%-?\s*endcomment\s*-?%\}/, 'comment', '@pop'],
      [/./, 'comment'],
      [/\n/, 'comment'],
    ],
  },
}

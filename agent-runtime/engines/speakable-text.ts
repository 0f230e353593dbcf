/**
 * Text as it should be said: no Markdown, tags, emoji or symbols whose names a voice would read aloud. Marks may be unpaired,
 * since text arrives clause by clause.
 */
export function speakableText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1') // links and images: their text
    .replace(/https?:\/\/(?:www\.)?([^\s/?#)]+)[^\s)]*/g, '$1') // addresses: the host
    .replace(/<\/?[a-z][^<>]*>/gi, ' ') // tags
    .replace(/^\s*(?:#{1,6}\s+|[-*+•]\s+|>\s?)/gm, '') // headings, bullets, quotes
    .replace(/^\s*(?:[-*_]\s*){3,}$/gm, '') // rules
    .replace(/&(?:amp;)?/g, ' and ')
    .replace(/°/g, ' degrees ')
    .replace(/#(?=\d)/g, 'number ')
    .replace(/(?<=\p{L})\/(?=\p{L})/gu, ' ')
    .replace(/(?<=\w)_(?=\w)/g, ' ')
    .replace(/\s*[—–]\s*/g, ', ')
    .replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{So}\u{fe0e}\u{fe0f}\u{200d}\u{20e3}]/gu, ' ')
    .replace(/[*_~`#|\\^<>{}[\]]/g, ' ')
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[ \t]+/g, ' ')
    .replace(/ +([,.!?;:])/g, '$1')
    .replace(/ *\n */g, '\n')
    .trim()
}

/** Whether a voice would say anything. */
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** Letters of other scripts make an English voice utter noise. */
export const latinOnly = (text: string): string => text.replace(/(?!\p{Script=Latin})\p{L}/gu, '')

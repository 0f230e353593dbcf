/** Text as lists sort and search it: without case, accents and different ways to write the same letter. */
export const foldText = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

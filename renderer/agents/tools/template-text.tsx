import { templateTokens } from './template-tokens.ts'
import classes from './code-input.module.css'

/** A template in colour, exactly as it is written. */
export const TemplateText = ({ text }: { text: string }) =>
  templateTokens(text).map(({ kind, text: part }, index) =>
    kind === 'plain' ? (
      part
    ) : (
      <span key={index} className={classes[kind]}>
        {part}
      </span>
    ),
  )

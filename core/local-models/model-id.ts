import * as z from 'zod'

/** The name of a model’s folder: no way out of the models folder, and the same on every system. */
export const ModelId = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'letters, digits, . _ and -, beginning with a letter or digit')
  .refine((id) => !id.endsWith('.') && !id.includes('..'), 'no two dots in a row, and none at the end')

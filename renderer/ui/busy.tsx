import { Loader } from '@mantine/core'

/** Something is on its way, and a screen reader hears what. */
export const Busy = ({ label, className }: { label: string; className?: string | undefined }) => (
  <Loader size="sm" role="status" aria-label={label} {...(className === undefined ? { m: 'md' } : { className })} />
)

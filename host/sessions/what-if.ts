import { StudioError } from '../../core/contract/errors.ts'
import { findProvider, type ProviderKind } from '../../core/providers/index.ts'
import { choiceName, withoutProvider, type Block, type Substitution } from './fit-block.ts'

/** The block as it would be rehearsed at the pace of a preset. Throws `not_found` for a preset that is none. */
export function rehearsed(kind: ProviderKind, block: Block, preset: string): Readonly<{ block: Block; told: Substitution }> {
  const presets = findProvider(kind, 'rehearsal')?.models ?? []
  const found = presets.find(({ id }) => id === preset)
  if (!found)
    throw new StudioError(
      'not_found',
      `There is no rehearsal of "${preset}" for the ${kind.toUpperCase()}.`,
      presets.length > 0 ? `Choose one of: ${presets.map(({ id }) => id).join(', ')}.` : 'This kind cannot be rehearsed.',
    )
  return {
    block: { ...withoutProvider(block), provider: 'rehearsal', model: preset },
    told: {
      type: 'provider.substituted',
      kind,
      asked: choiceName(block),
      used: choiceName({ provider: 'rehearsal', model: preset }),
      reason: `What-if: rehearsed at the published pace of ${found.label}; nothing is asked of ${block.provider}.`,
      hint: 'Start the call without what-if to use what the agent says.',
    },
  }
}

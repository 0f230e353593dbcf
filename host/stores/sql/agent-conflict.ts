import { StudioError } from '../../../core/contract/errors.ts'

/** Why a change to an agent was refused, in words for the person who made it. */
export const idTaken = (agent_id: string): StudioError =>
  new StudioError(
    'conflict',
    `The agent id "${agent_id}" is taken.`,
    'Choose another id; deleted agents keep theirs for 30 days.',
    [{ path: '/agent_id', message: 'is taken' }],
  )

export const headMoved = (agent_id: string, based_on: number, head: number): StudioError =>
  new StudioError(
    'conflict',
    `"${agent_id}" was changed elsewhere: revision ${head} is head, and this change was made on revision ${based_on}.`,
    'Compare the two, take over what you need, and save again.',
  )

export const noAgent = (agent_id: string): StudioError =>
  new StudioError('not_found', `There is no agent "${agent_id}".`, 'Look it up in the list of agents.')

export const deleted = (agent_id: string): StudioError =>
  new StudioError(
    'not_found',
    `The agent "${agent_id}" was deleted.`,
    'Bring it back first; deleted agents are kept for 30 days.',
  )

export const noVersion = (agent_id: string, version: string): StudioError =>
  new StudioError('not_found', `"${agent_id}" has no version ${version}.`, 'Publish it first, or choose one from its versions.')

export const versionTaken = (agent_id: string, version: string): StudioError =>
  new StudioError(
    'conflict',
    `"${agent_id}" already has a version ${version}, and versions never change.`,
    'Choose a new number.',
    [{ path: '/version', message: 'is there already' }],
  )

export const versionDiffers = (agent_id: string, version: string): StudioError =>
  new StudioError(
    'conflict',
    `"${agent_id}" has a version ${version} with other content, and versions never change.`,
    'Import under another id, or leave that version out.',
  )

export const alreadyEdited = (agent_id: string): StudioError =>
  new StudioError(
    'conflict',
    `"${agent_id}" is being edited in another window.`,
    'Look at what the other window typed, then go on from there or write over it.',
  )

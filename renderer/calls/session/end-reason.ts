const REASONS: Readonly<Record<string, string>> = {
  stopped: 'The call was stopped.',
  studio_closed: 'The call ended when Greenroom was closed.',
  connection_lost:
    'The connection (host, server or network) was away for too long. Nothing that was said is lost: you can go on.',
  caller_left: 'The caller left the room, so the call is over.',
  room_closed: 'The room was closed on the LiveKit server.',
  agent_ended: 'The agent said goodbye and ended the call.',
  page_closed: 'The call ended because no window carried its sound any more.',
  runtime_failed: 'The session process failed three times in a minute, so the call was ended. The events say why.',
  failed: 'The call could not be started. The events say why.',
}

/** Why a call ended, for people; a reason that is not ours is shown as it is. */
export const endReason = (reason: string | undefined): string => {
  if (reason === undefined) return 'The call has ended.'
  return REASONS[reason] ?? `The call has ended: ${reason}`
}

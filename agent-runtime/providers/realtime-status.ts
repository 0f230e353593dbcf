/** What an error of OpenAI's realtime API would have been over HTTP; `what` holds its code and its type. */
export function realtimeStatus(what: string): number {
  if (/api_key|auth/.test(what)) return 401
  if (/quota|billing/.test(what)) return 402
  if (/rate_limit/.test(what)) return 429
  if (/model_not_found/.test(what)) return 404
  return /server_error/.test(what) ? 500 : 400
}

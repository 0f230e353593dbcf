/** The tenant of which a room's name says that it is theirs (`TENANT-…`); of ids that begin alike the longest. */
export async function tenantOfRoom(room_name: string, isTenant: (id: string) => Promise<boolean>): Promise<string | undefined> {
  let found: string | undefined
  for (let at = room_name.indexOf('-', 1); at > 0 && at <= LONGEST_ID; at = room_name.indexOf('-', at + 1)) {
    const id = room_name.slice(0, at)
    if (await isTenant(id)) found = id
  }
  return found
}

const LONGEST_ID = 64

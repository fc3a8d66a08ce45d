import { userInfo } from 'node:os'

/** The id of the user who runs this program; -1 where there are no such ids (Windows), or where it has no name (containers). */
export function ownUserId(): number {
  try {
    return userInfo().uid
  } catch {
    return -1
  }
}

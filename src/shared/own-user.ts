import { userInfo } from 'node:os'

let userId: number | undefined

/**
 * Sets the user id from `geteuid`. `userInfo` also looks up the user's name, which a container may not have.
 */
export function setOwnUserId(id: number | undefined): void {
  userId = id
}

/** The id of the user who runs this program; -1 on systems without such ids (Windows). */
export function ownUserId(): number {
  return userId ?? userInfo().uid
}

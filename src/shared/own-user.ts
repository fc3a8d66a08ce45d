import { userInfo } from 'node:os'

let told: number | undefined

/**
 * Sets the user id from `geteuid`. `userInfo` also looks up the user's name, which a container may not have.
 */
export function runBy(id: number | undefined): void {
  told = id
}

/** The id of the user who runs this program; -1 on systems without such ids (Windows). */
export function ownUserId(): number {
  return told ?? userInfo().uid
}

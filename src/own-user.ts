import { userInfo } from 'node:os'

let told: number | undefined

/** Tells the id of the user who runs this program; the system looks up the name as well, and containers may have none for it. */
export function runBy(id: number | undefined): void {
  told = id
}

/** The id of the user who runs this program; -1 where there are no such ids (Windows). */
export function ownUserId(): number {
  return told ?? userInfo().uid
}

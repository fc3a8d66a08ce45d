import { randomInt } from '../../shared/crypto.ts'
import { alphabet } from '../effects/approval/pending/stored-call.ts'

const length = 8
const pattern = new RegExp(`^[${alphabet}]{${length}}$`)

/** True for what may be the id of a plan. It is the name of a folder: nothing else is ever used as one. */
export const isPlanId = (id: string): boolean => pattern.test(id)

/** A new random id. */
export const newPlanId = (): string =>
  Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')

import { randomBytes } from '../../../shared/crypto.ts'

/** 256 random bits, which nobody guesses, in 43 characters. */
export const newId = (): string => randomBytes(32).toString('base64url')

/** True for a text that may be such an id. */
export const isId = (text: string): boolean => /^[\w-]{43}$/.test(text)

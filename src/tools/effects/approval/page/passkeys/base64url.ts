import { z } from 'zod'

/** True for the one text that stands for some bytes in base64url: no padding, no bits that stand for nothing. */
const isCanonical = (text: string): boolean => Buffer.from(text, 'base64url').toString('base64url') === text

/** Bytes in base64url, at least one and at most so many. `error` continues "… must be ". */
export const base64url = (maxBytes: number, error: string) =>
  z
    .string({ error })
    .min(2, { error })
    .max(Math.ceil((maxBytes * 4) / 3), { error })
    .refine(isCanonical, { error })

import { z } from 'zod'
import type { Preview } from './preview.ts'

const lines = z.array(z.string())

/** A preview in the file of a pending call. */
export const storedPreview: z.ZodType<Preview> = z.strictObject({
  facts: z.strictObject({
    headline: z.string(),
    warnings: lines,
    blocks: z.array(
      z.union([
        z.string(),
        z.strictObject({ label: z.string(), rows: lines }),
        z.strictObject({ excerpt: lines, lines, script: z.string().optional() }),
      ]),
    ),
  }),
  notes: lines,
})

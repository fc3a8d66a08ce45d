import { z } from 'zod'
import type { Preview } from './preview.ts'

// A preview in the file of a pending call. Others may write the file: what is not exactly a preview is none.

const texts = z.array(z.string())
const depth = z.literal([1, 2])

const sentence = z.strictObject({ text: z.string(), depth })
const field = z.strictObject({ label: z.string(), values: texts, depth: depth.optional() })
const line = z.union([z.string(), sentence, field])

const sign = z.literal([' ', '-', '+'])
const number = z.int().positive()
const part = z.union([z.string(), z.strictObject({ mark: z.string() })])
const difference = z.strictObject({
  summary: z.string(),
  lineCount: number,
  rows: z.array(
    z.union([
      z.string(),
      z.strictObject({ sign, number, lines: texts }),
      z.strictObject({ sign, number, parts: z.array(part) }),
    ]),
  ),
})

const block = z.union([
  line,
  z.strictObject({ label: z.string(), columns: texts, rows: z.array(texts) }),
  z.strictObject({
    excerpt: texts,
    lines: z.array(line),
    difference: difference.optional(),
    script: z.string().optional(),
  }),
])

/** The whole of it: a difference and a script as well, which the seal holds as a hash. */
export const storedPreview: z.ZodType<Preview> = z.strictObject({
  facts: z.strictObject({ headline: z.string(), warnings: texts, blocks: z.array(block) }),
  notes: texts,
})

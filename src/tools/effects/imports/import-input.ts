import { z } from 'zod'
import type { FileImport } from '../../../operations/effects/file-import.ts'
import { whole } from '../../../operations/fields.ts'
import { isEffect, type Operation } from '../../../operations/operation.ts'

/** The inputs that a file may give. */
const givenBy = (imports: FileImport): readonly string[] =>
  imports.by === 'rows' ? [imports.into] : [imports.into, ...imports.members]

const maxFrom = 1_000_000

const from = whole(1, maxFrom, 'first row').optional()

const fileInput = (imports: FileImport) => ({
  file: z
    .string({ error: 'must be the name of a file' })
    .describe(`CSV or JSON in QUALYS_IMPORT_DIR, instead of ${imports.into}`)
    .optional(),
  ...(imports.by === 'rows' && { from }),
})

/** The inputs of a tool that takes a file: as they are listed, and as they are checked without one. */
export function importInput(
  operation: Operation,
): { readonly input: z.ZodRawShape; readonly inputWithoutFile: z.ZodRawShape } | undefined {
  const imports = isEffect(operation) ? operation.change.imports : undefined
  if (!imports) return undefined
  const { input } = operation
  const given = givenBy(imports)
  const optional = Object.entries(input).map(([name, schema]) => [
    name,
    given.includes(name) ? z.optional(schema) : schema,
  ])
  const file = fileInput(imports)
  return {
    input: { ...Object.fromEntries(optional), ...file },
    inputWithoutFile: { ...input, ...file },
  }
}

import type { EffectOperation, Input } from '../../../operations/operation.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { InputError } from '../../../shared/errors.ts'
import { decodeText } from '../../../shared/text-decoding.ts'
import type { ToolContext } from '../../tool.ts'
import { requireName } from './file-name.ts'
import { readImport } from './import-folder.ts'
import type { CompleteCall } from './import-source.ts'
import { importRows } from './row-import.ts'
import { importWhole } from './whole-import.ts'

/**
 * The arguments of a call with what its file gives, checked like arguments that are passed. The file is read anew each
 * time, so that what a person approved can be compared. Throws an InputError or a SetupError if it cannot be taken.
 */
export async function completeCall(
  operation: EffectOperation,
  passed: Input,
  context: ToolContext,
): Promise<CompleteCall> {
  const { imports } = operation.change
  const { file: name, from } = passed
  if (!imports) return { args: passed, source: undefined }
  if (typeof name !== 'string') {
    if (from !== undefined)
      throw new InputError('from counts the rows of a file.', 'Pass file, too, or leave from out.')
    return { args: passed, source: undefined }
  }
  if (passed[imports.into] !== undefined)
    throw new InputError(
      `${imports.into} and file are both passed.`,
      `Pass one of them: file gives ${imports.into}.`,
    )
  const format = requireName(name)
  const bytes = readImport(context.configuration.settings.importDir, name, context.session.redact)
  const file = { name, format, text: decodeText(bytes), sha256: sha256(bytes) }
  return imports.by === 'rows'
    ? importRows(operation, imports, passed, file, context)
    : importWhole(operation, imports, passed, file, context)
}

import type { FileImport, ImportedRows } from '../../../operations/effects/file-import.ts'
import type { EffectOperation, Input } from '../../../operations/operation.ts'
import { nameInSentence } from '../../../operations/sentences.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { validatorOf } from '../../arguments/validator.ts'
import { summarize } from '../../schema.ts'
import type { ToolContext } from '../../tool.ts'
import { refuseSecrets } from '../policy/refuse-secrets.ts'
import { type ImportFile, jsonOf } from './import-file.ts'
import type { CompleteCall } from './import-source.ts'
import { atPath, formulaWarnings, rowFaults } from './row-checks.ts'
import { type RowFault, refuseFaults } from './row-faults.ts'
import { csvRows, type ImportRow } from './rows.ts'

type Whole = Extract<FileImport, { readonly by: 'whole' }>

const maxNamed = 10

const listed = (names: readonly string[], redact: Redact): string =>
  `${names
    .slice(0, maxNamed)
    .map((name) => nameInSentence(redact(name), 60))
    .join(', ')}${names.length > maxNamed ? ` and ${names.length - maxNamed} more` : ''}`

/** The one object of a JSON file, which may stand alone in a list; a list of its parts is the main input. */
function objectIn(value: unknown, into: string): Input {
  if (isObject(value)) return value
  if (!Array.isArray(value))
    throw new InputError(
      'The file holds no object.',
      `Write one object with ${into}, in the form of the inputs.`,
    )
  const wholes = value.filter((item) => isObject(item) && into in item)
  if (wholes.length === 0) return { [into]: value }
  const [only] = value
  if (value.length === 1 && isObject(only)) return only
  throw new InputError(
    `The file holds ${formatNumber(value.length)} objects, and a call takes one.`,
    'Write each into a file of its own.',
  )
}

/** What is taken of a file. */
interface Taken {
  readonly given: Input
  readonly warnings: readonly string[]
  /** The rows that the main input was made of; undefined for JSON. */
  readonly made?: { readonly rows: readonly ImportRow[]; readonly rowAt: ImportedRows['rowAt'] }
}

async function takeJson(file: ImportFile, { into, members, ignored }: Whole, redact: Redact): Promise<Taken> {
  const object = objectIn(await jsonOf(file, redact), into)
  const known = [into, ...members]
  const unknown = Object.keys(object).filter((name) => ![...known, ...ignored].includes(name))
  if (unknown.length > 0)
    throw new InputError(
      `The file has ${unknown.length === 1 ? 'a member' : 'members'} that no input takes: ${listed(unknown, redact)}.`,
      `Rename or remove ${unknown.length === 1 ? 'it' : 'them'}; there are ${known.join(', ')}.`,
    )
  refuseSecrets({ 'The file': object })
  const left = Object.keys(object).filter((name) => ignored.includes(name))
  return {
    // Null is what programs write for a value that is not there.
    given: Object.fromEntries(known.flatMap((name) => (object[name] == null ? [] : [[name, object[name]]]))),
    warnings:
      left.length > 0 ? [`Of the file ${left.join(', ')} ${left.length === 1 ? 'is' : 'are'} not sent.`] : [],
  }
}

async function takeCsv(
  file: ImportFile,
  { into, columns, fromRows }: Whole,
  { session, configuration, signal }: ToolContext,
): Promise<Taken> {
  const { redact } = session
  const rows = await csvRows(file.text, columns, redact)
  const made = fromRows(rows.map(({ values }) => values))
  const faults = [
    ...(await rowFaults(rows, redact, signal)),
    ...made.problems.map(({ row, problem }) => ({ row: row + 1, line: rows[row]?.line, problem })),
  ]
  refuseFaults(faults, undefined, { redact, budget: configuration.settings.replyChars - 1_000 })
  return {
    given: { [into]: made.value },
    warnings: formulaWarnings(rows, 1),
    made: { rows, rowAt: made.rowAt },
  }
}

/** The call with the object of a file. What is passed beside the file wins. Throws an InputError if it is wrong. */
export async function importWhole(
  { input }: EffectOperation,
  imports: Whole,
  passed: Input,
  file: ImportFile,
  context: ToolContext,
): Promise<CompleteCall> {
  const { redact } = context.session
  const { file: _, ...beside } = passed
  const { given, warnings, made } =
    file.format === 'csv' ? await takeCsv(file, imports, context) : await takeJson(file, imports, redact)
  const checked = validatorOf({ input })({ ...given, ...beside })
  if (checked.value) {
    const rows = made && { count: counted(made.rows.length, 'row') }
    return {
      args: checked.value,
      source: { name: file.name, sha256: file.sha256, rows: undefined, warnings, ...rows },
    }
  }
  const { invalid, explain } = checked
  const faults: RowFault[] = invalid.flatMap((issue) => {
    const [name, ...path] = issue.path
    const row = name === imports.into ? made?.rowAt(path) : undefined
    return row === undefined
      ? []
      : [{ row: row + 1, line: made?.rows[row]?.line, problem: atPath(path.slice(-1), explain(issue)) }]
  })
  refuseFaults(faults, undefined, { redact, budget: context.configuration.settings.replyChars - 1_000 })
  const issues = summarize(invalid, explain).map(({ path, message }) => atPath(path, message))
  throw new InputError(
    `The file and what is passed beside it do not make a whole: ${redact(issues.join('; '))}.`,
    'Correct the file, or pass what is missing beside it.',
  )
}

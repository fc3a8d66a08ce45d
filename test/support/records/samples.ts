import { readdirSync, readFileSync } from 'node:fs'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { isObject } from '../../../src/shared/json.ts'
import { wireRecords } from './wire-records.ts'

// The answers that Qualys prints in its documentation, and the records in them.

const folder = new URL('../../samples/', import.meta.url)
const page = new URL('../../integration/sandbox/getting-started.json', import.meta.url)

/** An answer as it is printed: JSON is a value in the file of the sample, XML stands in a file of its own. */
function answerIn(file: string): Buffer {
  const name = new URL(file, folder)
  if (file.endsWith('.xml')) return readFileSync(name)
  const { reply } = JSON.parse(readFileSync(name, 'utf8'))
  return Buffer.from(typeof reply === 'string' ? reply : JSON.stringify(reply))
}

/** `saq_get_version-2.xml` is a second answer of saq_get_version. */
const toolOf = (file: string): string => file.replace(/(?:-\d+)?\.\w+$/, '')

/** True for a file of JSON whose answer is in a file of XML. */
const isDescription = (file: string, files: readonly string[]): boolean =>
  file.endsWith('.json') && files.includes(file.replace(/json$/, 'xml'))

/** Raw records of an operation, and where they are printed. */
export interface SampleRecords {
  readonly file: string
  readonly operation: Operation
  readonly raws: readonly unknown[]
}

/** Rows of a page that prints two calls and rows of both. */
function rowsOfPage(): SampleRecords[] {
  const operation = searchJobs
  const steps: [string, unknown][] = Object.entries(JSON.parse(readFileSync(page, 'utf8')))
  return steps.flatMap(([step, part]) => {
    const rows = isObject(part) ? part['rows'] : undefined
    const answer = Buffer.from(JSON.stringify({ body: { list: rows } }))
    return [{ file: `getting-started.json, ${step}`, operation, raws: wireRecords(operation, answer) }]
  })
}

/** All printed answers that hold records; a file of scripts holds none. Another test names a sample without operation. */
export function sampleRecords(): SampleRecords[] {
  const files = readdirSync(folder)
  const samples = files
    .filter((file) => !isDescription(file, files))
    .flatMap((file) => {
      const operation = operations.find(({ name }) => name === toolOf(file))
      if (!operation || operation.returns === 'file') return []
      return [{ file, operation, raws: wireRecords(operation, answerIn(file)) }]
    })
  return [...samples, ...rowsOfPage()]
}

import { spawnSync } from 'node:child_process'

// Exported files as Python reads them.

/** True if this machine has Python. */
export const hasPython = spawnSync('python3', ['--version']).status === 0

/** Prints the rows of a file as JSON. A row of CSV must have as many cells as the header. */
const program = `
import csv, json, sys
csv.field_size_limit(1 << 30)
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    if sys.argv[1] == "csv":
        rows = list(csv.DictReader(file, strict=True))
        assert all(None not in row and None not in row.values() for row in rows), "ragged rows"
    else:
        rows = [json.loads(line) for line in file]
print(json.dumps(rows))
`

export type PythonRow = Readonly<Record<string, unknown>>

/** The rows of an exported file as csv or json of Python read them; cells of CSV are text. */
export function readWithPython(format: 'csv' | 'jsonl', file: string): PythonRow[] {
  const read = spawnSync('python3', ['-c', program, format, file], { encoding: 'utf8', maxBuffer: 2 ** 29 })
  if (read.status !== 0) throw new Error(`Python: ${read.stderr}`)
  return JSON.parse(read.stdout)
}

import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import { createFolder, type Exporter, openExporter } from '../../support/exports/exporter.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Exported files as Python's csv and json read them, against the sandbox's own rows.

const folder = createFolder()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let exporter: Exporter
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2_000 })
  exporter = await openExporter(environmentFor(sandbox), folder.path)
})
afterAll(async () => {
  await exporter.close()
  await sandbox.close()
  folder.remove()
})

/** Prints the ids of a file's rows. A later field may stand in the last column `other`, as JSON. */
const program = `
import csv, json, sys
csv.field_size_limit(1 << 30)
with open(sys.argv[2], encoding="utf-8-sig", newline="") as file:
    if sys.argv[1] == "csv":
        rows = list(csv.DictReader(file, strict=True))
        assert all(None not in row and None not in row.values() for row in rows), "ragged rows"
        rows = [{**row, **json.loads(row.get("other") or "{}")} for row in rows]
    else:
        rows = [json.loads(line) for line in file]
print(json.dumps([str(row["id"]) for row in rows]))
`

const hasPython = spawnSync('python3', ['--version']).status === 0

test.skipIf(!hasPython).each(['csv', 'jsonl'])(
  'Python reads every row of %s (skipped without python3)',
  async (format) => {
    const reply = await exporter.export({ tool: 'car_search_jobs', format })
    const file = String(reply.rows[0]?.['file'])
    const read = spawnSync('python3', ['-c', program, format, file], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    expect(read.stderr).toBe('')
    const jobs = await sandbox.control.dump('jobs')
    expect(jobs.length).toBeGreaterThan(1_000)
    expect(JSON.parse(read.stdout).toSorted()).toEqual(jobs.map(({ id }) => String(id)).toSorted())
  },
)

import type { Assistant } from '../assistant.ts'
import type { TestSandbox } from '../sandbox.ts'

type StoredHost = Record<string, unknown> & { readonly id: string; readonly job: { readonly id: string } }

/** The asset jobs of the newest job: one for each outcome and kind of output. */
export async function showcase(sandbox: TestSandbox): Promise<{ jobId: string; rows: StoredHost[] }> {
  const newest = (await sandbox.control.dump('jobs')).at(-1)
  const all = (await sandbox.control.dump('assetjobs')) as StoredHost[]
  return { jobId: String(newest?.['id']), rows: all.filter(({ job }) => job.id === newest?.['id']) }
}

/** All that a host printed, slice by slice. */
export async function wholeOutput(assistant: Assistant, ids: object): Promise<string> {
  let printed = ''
  for (let offset: unknown = 0; offset !== undefined; ) {
    const { structured } = await assistant.call('car_get_output', { ...ids, offset }, 'json')
    const [row] = structured.rows
    printed += String(row?.['output'] ?? '')
    offset = row?.['nextOffset']
  }
  return printed
}

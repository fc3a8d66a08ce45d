import type { Control } from '../sandbox.ts'

export const jobs = 'POST /sm/v2/jobs/search'
export const assetJobs = 'POST /sm/v2/assetjobs/search'

/** A host of a run, as Qualys sends it; `printed` is what its script printed. */
export interface Host {
  readonly id?: string
  readonly name?: string
  readonly code?: number
  readonly text?: string
  readonly printed?: string
  readonly open?: boolean
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function rowOf({ id, name, code = 0, text = 'SUCCESS', printed, open = false }: Host, index: number) {
  return {
    id: id ?? String(5_000 - index),
    created: { dateTime: 1_700_000_000_000 },
    ...(name !== undefined && { asset: { id: 9_000 + index, name } }),
    ...(!open && { output: { code, text }, enddate: '2026-11-22T06:42:13.692+00:00' }),
    ...(printed !== undefined && { scriptResult: base64(printed) }),
  }
}

/** The answer to a search that finds these hosts. */
export function listed(hosts: readonly Host[]): object {
  const list = hosts.map((host, index) => ({
    sortValues: [1_700_000_000_000, String(5_000 - index)],
    data: rowOf(host, index),
  }))
  return { errorCode: null, message: null, body: { totalCount: hosts.length, list } }
}

/** Has Qualys list these hosts, whatever run is asked for. */
export async function serve(control: Control, hosts: readonly Host[]): Promise<void> {
  await control.faults([{ route: assetJobs, kind: 'reply', body: listed(hosts) }])
}

/** What was asked of the lists, in order: the bodies. */
export async function asked(control: Control): Promise<Record<string, unknown>[]> {
  const seen = (await control.requests()).filter(({ path }) => path !== '/auth')
  return seen.map(({ body }) => JSON.parse(body))
}

/** Where what hosts said ends and what we say goes on: the text without its fenced parts. */
export function ours(text: string): string {
  return text.replace(/<<([0-9a-f]{8})\n[\s\S]*?\n?\1>>/g, '')
}

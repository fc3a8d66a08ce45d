import type { Control } from '../sandbox.ts'

export const jobs = 'POST /sm/v2/jobs/search'
export const assetJobs = 'POST /sm/v2/assetjobs/search'

/** A host of a run, as Qualys sends it; `output` is what its script printed. */
export interface Host {
  readonly id?: string
  readonly name?: string
  readonly code?: number
  readonly text?: string
  readonly output?: string
  readonly open?: boolean
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function rowOf({ id, name, code = 0, text = 'SUCCESS', output, open = false }: Host, index: number) {
  return {
    id: id ?? String(5_000 - index),
    created: { dateTime: 1_700_000_000_000 },
    ...(name !== undefined && { asset: { id: 9_000 + index, name } }),
    ...(!open && { output: { code, text }, enddate: '2026-11-22T06:42:13.692+00:00' }),
    ...(output !== undefined && { scriptResult: base64(output) }),
  }
}

/** The answer to a search that finds these hosts. */
export function hostsReply(hosts: readonly Host[]): object {
  const list = hosts.map((host, index) => ({
    sortValues: [1_700_000_000_000, String(5_000 - index)],
    data: rowOf(host, index),
  }))
  return { errorCode: null, message: null, body: { totalCount: hosts.length, list } }
}

/** Makes Qualys list these hosts for any run. */
export async function serveHosts(control: Control, hosts: readonly Host[]): Promise<void> {
  await control.faults([{ route: assetJobs, kind: 'reply', body: hostsReply(hosts) }])
}

/** The bodies of the list requests, in order. */
export async function requestBodies(control: Control): Promise<Record<string, unknown>[]> {
  const seen = (await control.requests()).filter(({ path }) => path !== '/auth')
  return seen.map(({ body }) => JSON.parse(body))
}

/** Our own text: without the fenced parts, which come from hosts. */
export function withoutFences(text: string): string {
  return text.replace(/<<([0-9a-f]{8})\n[\s\S]*?\n?\1>>/g, '')
}

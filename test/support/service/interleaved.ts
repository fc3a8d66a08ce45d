import type { Control } from '../sandbox.ts'
import type { Answer } from './answer.ts'
import type { ServiceClient } from './client.ts'
import { nextPageIn } from './codes.ts'

// Many calls of two callers at once, each about things of its own, so that whatever is of the other shows.

/** Objects that one caller alone asks about. */
export interface OwnObjects {
  readonly scripts: readonly string[]
  readonly users: readonly string[]
}

/** Scripts with runs, and users, dealt out to two callers. */
export async function dealOut(control: Control): Promise<readonly [OwnObjects, OwnObjects]> {
  const [jobs, users] = await Promise.all([control.dump('jobs'), control.dump('users')])
  const scripts = [...new Set(jobs.map((job) => String(job['scriptId'])))]
  const ids = users.map(({ id }) => String(id)).slice(0, 40)
  const half = (list: readonly string[], which: number) => list.filter((_, at) => at % 2 === which)
  const of = (which: number): OwnObjects => ({ scripts: half(scripts, which), users: half(ids, which) })
  return [of(0), of(1)]
}

/** Faults that all wear off within a hundred calls or so. */
export const faults: readonly object[] = [
  { kind: 'delay', ms: 15, skip: 3, times: 10 },
  { kind: 'reset', skip: 5, times: 3 },
  { kind: 'truncate', skip: 9, times: 2 },
  { kind: 'status', status: 503, skip: 12, times: 4 },
  { kind: 'limit', toWaitSec: 1, skip: 15, times: 3 },
  { kind: 'badJson', skip: 20, times: 2 },
  { kind: 'extraFields', skip: 26, times: 5 },
  { kind: 'resetAfterBody', skip: 28, times: 2 },
  // The API server refuses a login for good.
  { route: 'POST /sm/v2/jobs/search', kind: 'expired', skip: 6, times: 1 },
].map((fault) => ({ route: '*', ...fault }))

/** What one call should show, and what it showed. */
export interface Seen {
  readonly kind: string
  readonly answer: Answer
  /** True if each row is about the object that was asked for. */
  readonly isOwn: boolean
}

/** The calls of one caller: each has the name of the caller in its id, its progress token and its texts. */
export class BusyCaller {
  readonly name: string
  readonly #client: ServiceClient
  readonly #own: OwnObjects
  #page: string | undefined
  #number = 0

  constructor(name: string, client: ServiceClient, own: OwnObjects) {
    this.name = name
    this.#client = client
    this.#own = own
  }

  /** The next call, of one of several kinds. */
  async next(): Promise<Seen> {
    const number = ++this.#number
    const script = this.#own.scripts[number % this.#own.scripts.length] ?? ''
    const user = this.#own.users[number % this.#own.users.length] ?? ''
    const ofScript = ({ rows }: Answer): boolean => rows.every((row) => String(row['scriptId']) === script)
    // A file on the disk takes longer than a call.
    const kind = number % 50 === 8 ? 8 : number % 10 === 8 ? 9 : number % 10
    switch (kind) {
      case 0:
        return this.#see('script', 'car_get_script', { scriptId: script }, ({ rows }) =>
          rows.every(({ id }) => String(id) === script),
        )
      case 1:
        return this.#see('user', 'saq_get_user', { userId: user }, ({ rows }) =>
          rows.every(({ id }) => String(id) === user),
        )
      case 2:
        return this.#see('users', 'saq_search_users', { id: [user] }, ({ rows }) =>
          rows.every(({ id }) => String(id) === user),
        )
      case 3:
      case 4:
        return this.#pageOn()
      case 5:
        return this.#see('approval', 'car_clone_script', {
          scriptId: script,
          title: `${this.name}-copy-${number % 100}`,
        })
      case 6:
        return this.#see('unknown id', 'car_get_script', { scriptId: `${this.name}-${number}` })
      case 7:
        return this.#see('wrong input', 'car_search_jobs', { [`${this.name}-${number}`]: 1 })
      case 8:
        return this.#see('export', 'qualys_export', {
          tool: 'car_search_jobs',
          format: 'jsonl',
          arguments: { scriptId: script, fields: ['id', 'scriptId'] },
        })
      default:
        return this.#see(
          'runs',
          'car_search_jobs',
          { scriptId: script, fields: ['id', 'scriptId'] },
          ofScript,
        )
    }
  }

  async #pageOn(): Promise<Seen> {
    const [script = ''] = this.#own.scripts
    const continuationToken = this.#page
    const args = {
      scriptId: script,
      fields: ['id', 'scriptId'],
      pageSize: 3,
      ...(continuationToken !== undefined && { continuationToken }),
    }
    const seen = await this.#see('page', 'car_search_jobs', args, ({ rows }) =>
      rows.every((row) => String(row['scriptId']) === script),
    )
    const structured = seen.answer.result?.['structuredContent'] as
      | { readonly continuationToken?: string }
      | undefined
    this.#page = structured?.continuationToken ?? nextPageIn(seen.answer)
    return seen
  }

  async #see(
    kind: string,
    tool: string,
    args: object,
    isOwn: (answer: Answer) => boolean = () => true,
  ): Promise<Seen> {
    const id = `${this.name}-id-${this.#number}`
    const message = this.#client.messageOf('tools/call', {
      name: tool,
      arguments: args,
      _meta: { progressToken: `${this.name}-progress-${this.#number}`, 'qualys-mcp/reply': 'json' },
    })
    const answer = await this.#client.post({ ...message, id })
    return { kind, answer, isOwn: answer.message.id === id && isOwn(answer) }
  }
}

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { temporary, type Unattended, unattended } from '../../support/effects/bench.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { expectOutcome, type Place, type PlaceName, type Shape, serve } from './places.ts'
import { codes, simples, statuses, successes } from './saq.ts'

// SAQ has no files.
const places: Readonly<Record<Exclude<PlaceName, 'file'>, Place>> = {
  list: { tool: 'saq_search_users', args: {}, route: 'POST /qps/rest/1.0/search/saq/user' },
  record: {
    tool: 'saq_get_user',
    args: { userId: '339590' },
    route: 'GET /qps/rest/1.0/get/saq/user/{userId}',
  },
  effect: {
    tool: 'saq_delete_user',
    args: { userId: '339590' },
    route: 'POST /qps/rest/1.0/delete/saq/user/{userId}',
  },
}

const folder = temporary()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let server: Unattended
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 60 })
})
beforeEach(async () => {
  await sandbox.control.reset()
  // One of its own for each test: a refused login is kept in mind.
  server = await unattended(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' }), folder.path)
})
afterEach(() => server.close())
afterAll(async () => {
  await sandbox.close()
  folder.remove()
})

const names = Object.keys(places) as (keyof typeof places)[]
const ways = (shapes: readonly Shape[]): [at: keyof typeof places, number, string, Shape][] =>
  shapes.flatMap((shape) =>
    names.map((at): [keyof typeof places, number, string, Shape] => [
      at,
      shape.status ?? 200,
      shape.name,
      shape,
    ]),
  )

describe.each([
  ['a refusal by its code', codes],
  ['a word of the oldest API', simples],
  ['a refusal by its status', statuses],
  ['a success, or none', successes],
] as const)('%s', (_, shapes) => {
  test.each(ways(shapes))('%s: %i, %s', async (at, _status, _name, shape) => {
    const { tool, args, route } = places[at]
    const outcome = shape[at] ?? shape.all
    if (!outcome) throw new Error(`nothing is expected of ${at}`)
    await serve(sandbox.control, route, { contentType: 'text/xml', ...shape })
    const heard = await server.call(tool, args)
    expectOutcome(heard, outcome, shape)
    const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`)
    const sent = (await sandbox.control.requests()).filter(({ method, path }) =>
      pattern.test(`${method} ${path}`),
    )
    // A password is not tried again at once, and nothing waits here.
    expect(sent).toHaveLength(1)
  })
})

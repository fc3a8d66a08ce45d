import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { temporary, type Unattended, unattended } from '../../support/effects/bench.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { bodies, statuses, successes } from './car.ts'
import { expectOutcome, type Place, type PlaceName, type Shape, serve } from './places.ts'

const places: Readonly<Record<PlaceName, Place>> = {
  list: { tool: 'car_search_jobs', args: {}, route: 'POST /sm/v2/jobs/search' },
  record: { tool: 'car_get_script', args: { scriptId: 19218 }, route: 'GET /sm/v1/scripts/{scriptId}' },
  file: { tool: 'car_export_scripts', args: { ids: [16515] }, route: 'GET /sm/v1/scripts/export' },
  effect: {
    tool: 'car_clone_script',
    args: { scriptId: 19218, scriptTitle: 'Copy' },
    route: 'POST /sm/v1/scripts/{scriptId}/clone',
  },
}

const folder = temporary()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let server: Unattended
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  // No waiting: what a retry would mend is shown as it is.
  server = await unattended(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' }), folder.path)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await server.close()
  await sandbox.close()
  folder.remove()
})

const names = Object.keys(places) as PlaceName[]
const ways = (shapes: readonly Shape[]): [place: PlaceName, status: number, name: string, shape: Shape][] =>
  shapes.flatMap((shape) => names.map((place) => [place, shape.status ?? 200, shape.name, shape]))

describe.each([
  ['a refusal in its body', bodies],
  ['a refusal by its status', statuses],
  ['a success that is none', successes],
] as const)('%s', (_, shapes) => {
  test.each(ways(shapes))('%s: %i, %s', async (at, _status, _name, shape) => {
    const { tool, args, route } = places[at]
    const outcome = shape[at] ?? shape.all
    if (!outcome) throw new Error(`nothing is expected of ${at}`)
    await serve(sandbox.control, route, shape)
    const heard = await server.call(tool, args)
    expectOutcome(heard, outcome, shape)
    const [kind] = outcome
    if (kind !== 'done' && shape.status !== undefined && !/drift|unclear/.test(kind))
      expect(heard.error).toMatchObject({ status: shape.status })
    // Refused at the door it may knock again with another token; anything else is sent once.
    // A code within a success proves nothing of the door.
    const again = (at !== 'file' && at !== 'effect') || shape.status === 401
    const refusedTwice = /expired token|no token|without the product|401 without/.test(shape.name) && again
    expect(await sentTo(route)).toBe(refusedTwice ? 2 : 1)
  })
})

/** How many requests came to a route of one hole, or none. */
async function sentTo(route: string): Promise<number> {
  const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`)
  return (await sandbox.control.requests()).filter(({ method, path }) => pattern.test(`${method} ${path}`))
    .length
}

// Types are told wrong as often as not; what counts is what the bytes say.
describe('a success under another type', () => {
  const row = { id: 1, name: 'Custom Script' }
  const answer = { errorCode: null, message: null, body: { totalCount: 1, list: [row] } }
  const types = { tool: 'car_list_script_types', route: 'GET /sm/v1/script-types' }
  test.each([
    ['text/plain', JSON.stringify(answer)],
    ['text/html', JSON.stringify(answer)],
    ['application/xml', JSON.stringify(answer)],
    ['', JSON.stringify(answer)],
    ['application/json;charset=ISO-8859-1', `\n ${JSON.stringify(answer)}\n`],
    ['application/json', `\ufeff${JSON.stringify(answer)}`],
  ])('%s: %j', async (contentType, body) => {
    await serve(sandbox.control, types.route, { body, contentType })
    const { text, isError } = await server.call(types.tool, {})
    expect(isError, text).toBe(false)
    expect(text).toContain('Custom Script')
  })
})

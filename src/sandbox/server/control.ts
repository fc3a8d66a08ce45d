import { libraryScripts } from '../data/car/content/library.ts'
import { validateFaults } from '../faults/fault-schema.ts'
import { type Fault, faultKinds } from '../faults/faults.ts'
import { jsonReply, type Reply } from '../http/reply.ts'
import { defaultKnobs, validateKnobs } from '../state/knobs.ts'
import type { World } from '../state/world.ts'
import { assumptions } from './assumptions.ts'
import { assertValid, type ControlAction } from './control-action.ts'
import { runActions } from './run-control.ts'
import { saqDump } from './saq-dump.ts'

/** A request to the sandbox itself, under `/_sandbox/`. */
export interface ControlRequest {
  method: string
  path: string
  body: string
}

/**
 * The control API for tests. It inspects and changes the sandbox; `reset` restores its initial state. It
 * takes and returns JSON and needs no login.
 */
export function makeControl(world: World): (request: ControlRequest, reset: () => void) => Reply {
  const { journal, knobs, faults, tokens, store } = world
  const dump: Readonly<Record<string, () => readonly object[]>> = {
    jobs: () => store.jobs,
    assetjobs: () => store.assetJobs,
    assets: () => store.assets,
    scripts: () => store.scripts,
    schedules: () => store.schedules,
    tags: () => store.tags,
    reports: () => store.reports,
    'blocked-commands': () => store.blockedCommands,
    'blocked-assets': () => store.assets.filter(({ id }) => store.blockedAssets.includes(id)),
    'blocked-tags': () => store.tags.filter(({ tagId }) => store.blockedTags.includes(tagId)),
    library: () => libraryScripts,
    executions: () => world.runs.executions,
    ...saqDump(world),
  }
  const actions: Record<string, ControlAction> = {
    'GET /_sandbox/requests': () => journal.entries,
    'DELETE /_sandbox/requests': () => {
      journal.clear()
      return []
    },
    'GET /_sandbox/knobs': () => knobs,
    'PATCH /_sandbox/knobs': (body) => {
      assertValid(
        typeof body === 'object' && body !== null ? validateKnobs({ ...body }) : 'knobs are an object',
      )
      return Object.assign(knobs, body)
    },
    'DELETE /_sandbox/knobs': () => Object.assign(knobs, defaultKnobs),
    'GET /_sandbox/faults': () => faults.active,
    'PUT /_sandbox/faults': (body) => {
      assertValid(validateFaults(body))
      faults.set(body as Fault[])
      return faults.active
    },
    'DELETE /_sandbox/faults': () => {
      faults.set([])
      return []
    },
    'GET /_sandbox/fault-kinds': () => faultKinds,
    'POST /_sandbox/revoke': () => {
      tokens.revokeAll()
      return { revoked: true }
    },
    'POST /_sandbox/advance': (body) => {
      const { seconds } = { ...(body as { seconds?: unknown } | undefined) }
      assertValid(Number(seconds) >= 0 ? undefined : 'seconds is a number, at least 0')
      world.advance(Number(seconds) * 1000)
      return { now: new Date(world.now()).toISOString() }
    },
    ...runActions(world),
    'POST /_sandbox/reset': (_body, reset) => {
      reset()
      return { reset: true }
    },
    'GET /_sandbox/invented': () => assumptions,
  }
  for (const [name, rows] of Object.entries(dump)) actions[`GET /_sandbox/truth/${name}`] = rows

  return ({ method, path, body }, reset) => {
    const action = actions[`${method} ${path}`]
    if (!action) return jsonReply(404, { message: `there are ${Object.keys(actions).join(', ')}` })
    try {
      world.eventQueue.runDue(world.now())
      return jsonReply(200, action(body === '' ? undefined : JSON.parse(body), reset))
    } catch (error) {
      return jsonReply(400, { message: error instanceof Error ? error.message : String(error) })
    }
  }
}

import { invented } from '../assumptions/assumptions.ts'
import { libraryScripts } from '../data/car/content/library.ts'
import { faultComplaint } from '../faults/fault-schema.ts'
import { type Fault, faultKinds } from '../faults/faults.ts'
import { jsonReply, type Reply } from '../http/reply.ts'
import { defaultKnobs, knobComplaint } from '../state/knobs.ts'
import type { World } from '../state/world.ts'
import { saqTruth } from './saq-dump.ts'

/** A request to the sandbox itself, under `/_sandbox/`. */
export interface ControlCall {
  method: string
  path: string
  body: string
}

type Action = (body: unknown, reset: () => void) => unknown

/**
 * The control API for tests: inspects and changes the sandbox; `reset` restores its initial state. No login;
 * JSON.
 */
export function makeControl(world: World): (call: ControlCall, reset: () => void) => Reply {
  const { journal, knobs, faults, tokens, store } = world
  const truth: Readonly<Record<string, () => readonly object[]>> = {
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
    ...saqTruth(world),
  }
  const actions: Record<string, Action> = {
    'GET /_sandbox/requests': () => journal.entries,
    'DELETE /_sandbox/requests': () => {
      journal.clear()
      return []
    },
    'GET /_sandbox/knobs': () => knobs,
    'PATCH /_sandbox/knobs': (body) => {
      refuse(typeof body === 'object' && body !== null ? knobComplaint({ ...body }) : 'knobs are an object')
      return Object.assign(knobs, body)
    },
    'DELETE /_sandbox/knobs': () => Object.assign(knobs, defaultKnobs),
    'GET /_sandbox/faults': () => faults.active,
    'PUT /_sandbox/faults': (body) => {
      refuse(faultComplaint(body))
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
      refuse(Number(seconds) >= 0 ? undefined : 'seconds is a number, at least 0')
      world.advance(Number(seconds) * 1000)
      return { now: new Date(world.now()).toISOString() }
    },
    'POST /_sandbox/reset': (_body, reset) => {
      reset()
      return { reset: true }
    },
    'GET /_sandbox/invented': () => invented,
  }
  for (const [name, rows] of Object.entries(truth)) actions[`GET /_sandbox/truth/${name}`] = rows

  return ({ method, path, body }, reset) => {
    const action = actions[`${method} ${path}`]
    if (!action) return jsonReply(404, { message: `there are ${Object.keys(actions).join(', ')}` })
    try {
      world.agenda.settle(world.now())
      return jsonReply(200, action(body === '' ? undefined : JSON.parse(body), reset))
    } catch (error) {
      return jsonReply(400, { message: error instanceof Error ? error.message : String(error) })
    }
  }
}

function refuse(complaint: string | undefined): void {
  if (complaint !== undefined) throw new TypeError(complaint)
}

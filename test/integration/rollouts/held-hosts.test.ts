import { expect } from 'vitest'
import { addressesOf, alteredPlatform } from '../../support/effects/altered-platform.ts'
import {
  goOn,
  propose,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
  test,
} from '../../support/plans/rollout-test.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Hosts that leave the fleet, or join it, between waves.

interface Host {
  readonly id: number
  readonly name: string
  readonly tags: readonly { readonly id: string }[]
}

/** A tag all of whose hosts may run scripts, its hosts, and another host. */
async function tagOf({ control }: TestSandbox, hosts: readonly string[]) {
  const assets = (await control.dump('assets')) as unknown as readonly Host[]
  const tags = (await control.dump('tags')) as unknown as readonly { id: string; lab: boolean }[]
  for (const tag of tags) {
    const members = assets.filter((host) => host.tags.some(({ id }) => id === tag.id))
    const others = assets.filter((host) => !members.includes(host) && hosts.includes(String(host.id)))
    const isUsable = members.length >= 10 && members.every(({ id }) => hosts.includes(String(id)))
    if (isUsable && others[0]) return { tagId: tag.id, members, other: others[0] }
  }
  throw new Error('no tag has ten hosts on which scripts may run')
}

/** Which hosts leave a tag, and which one joins it. */
interface Moves {
  left: readonly number[]
  joined?: Host
}

/** The sandbox with a tag whose members change as `moves` says. */
async function changingTag(sandbox: TestSandbox, tagId: string, moves: Moves): Promise<TestSandbox> {
  return alteredPlatform(sandbox, {
    answer: (path, answer, request) => {
      const body = answer['body'] as { totalCount: number; list: Host[] } | undefined
      if (!path.includes('/assets/search') || !request.includes(tagId) || !body) return undefined
      const { left, joined } = moves
      const stay = body.list.filter(({ id }) => !left.includes(id))
      const list = joined && body.list.length > 1 ? [...stay, joined] : stay
      return {
        ...answer,
        body: { ...body, totalCount: body.totalCount - left.length + (joined ? 1 : 0), list },
      }
    },
  })
}

const byTag = (tagId: string) => ({
  scriptId,
  fleet: { assetTagId: tagId },
  waves: [{ share: '10%', soakMinutes: 1 }, { rest: true }],
  stopAfter: { wave: '50%' },
})

test('a host that left the tag is left out and named; one that joined is named and never added', async ({
  sandbox,
  folder,
  hosts,
  serve,
}) => {
  const { tagId, members, other } = await tagOf(sandbox, hosts)
  const moves: Moves = { left: [] }
  const server = await serve(addressesOf(await changingTag(sandbox, tagId, moves)))
  const id = await propose(server, byTag(tagId))
  await goOn(server)
  const { waves } = stateIn(folder, id)
  const [gone] = members.filter((host) => waves[1]?.planned.hosts.includes(String(host.id)))
  if (!gone) throw new Error('wave 2 has no hosts')
  moves.left = [gone.id]
  moves.joined = other
  await goOn(server, 2)
  expect(stateIn(folder, id).phase).toBe('done')
  const runs = await sentRuns(sandbox.control)
  const reached = runs.flatMap(({ assetIds }) => assetIds).sort()
  const wanted = members.filter((host) => host !== gone).map(({ id }) => String(id))
  expect(reached).toEqual(wanted.sort())
  const { text } = await server.call('car_get_rollout', { planId: id })
  expect(text).toContain(
    `Left out of wave 2: 1 host (${gone.name} is gone or has no longer the tag of the fleet). 1 host joined the fleet since it was approved, in no wave: ${other.id}.`,
  )
  const json = await server.call('car_get_rollout', { planId: id }, 'json')
  expect(json.structured.rows[1]).toMatchObject({ leftOut: [String(gone.id)], joined: [String(other.id)] })
})

test('more hosts than leftOut hold the plan, and resuming goes on without them', async ({
  sandbox,
  folder,
  hosts,
  serve,
}) => {
  const { tagId, members } = await tagOf(sandbox, hosts)
  const moves: Moves = { left: [] }
  const server = await serve(addressesOf(await changingTag(sandbox, tagId, moves)))
  const id = await propose(server, byTag(tagId))
  await goOn(server)
  const planned = stateIn(folder, id).waves[1]?.planned.hosts ?? []
  moves.left = planned.slice(0, 2).map(Number)
  await goOn(server)
  const { held } = stateIn(folder, id)
  expect(held).toMatchObject({ reason: 'left out', wave: 1 })
  expect(held?.why).toMatch(
    new RegExp(
      `^2 hosts of the ${planned.length} of this wave can no longer be reached \\(.*; .*\\)\\. Look`,
    ),
  )
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
  await server.call('car_resume_rollout', { planId: id })
  await goOn(server, 2)
  expect(stateIn(folder, id).phase).toBe('done')
  const [, second] = await sentRuns(sandbox.control)
  expect(second?.assetIds).toEqual(planned.slice(2))
  expect(members.length).toBeGreaterThan(planned.length)
})

test('a wave all of whose hosts are gone cannot begin, and is told so', async ({
  sandbox,
  folder,
  hosts,
  serve,
}) => {
  const { tagId } = await tagOf(sandbox, hosts)
  const moves: Moves = { left: [] }
  const server = await serve(addressesOf(await changingTag(sandbox, tagId, moves)))
  const id = await propose(server, byTag(tagId))
  await goOn(server)
  moves.left = (stateIn(folder, id).waves[1]?.planned.hosts ?? []).map(Number)
  await goOn(server)
  expect(stateIn(folder, id).held?.why).toContain('Without hosts this wave cannot begin')
  await server.call('car_resume_rollout', { planId: id })
  await server.move()
  expect(stateIn(folder, id)).toMatchObject({ phase: 'held', held: { reason: 'left out' } })
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
})

test('hosts of a list that were retired are left out', async ({ sandbox, folder, hosts, serve }) => {
  const retired = Number(hosts[4])
  let isRetired = false
  const platform = await alteredPlatform(sandbox, {
    answer: (path, answer) => {
      const body = answer['body'] as { totalCount: number; list: Host[] } | undefined
      if (!isRetired || !path.includes('/assets/search') || !body) return undefined
      const list = body.list.filter(({ id }) => id !== retired)
      return {
        ...answer,
        body: { ...body, totalCount: body.totalCount - (body.list.length - list.length), list },
      }
    },
  })
  const server = await serve(addressesOf(platform))
  const id = await propose(server, rolloutOf(hosts, 2, 10))
  await goOn(server)
  isRetired = true
  // Another one has not seen the host within the last minutes.
  await goOn(await serve(addressesOf(platform)), 2)
  expect(stateIn(folder, id)).toMatchObject({
    phase: 'done',
    waves: [{}, { leftOut: [{ id: hosts[4], why: 'is gone' }] }],
  })
  const [, second] = await sentRuns(sandbox.control)
  expect(second?.assetIds).toEqual(hosts.slice(2, 12).filter((host) => host !== hosts[4]))
})

test('a wave of a tag takes what earlier waves left of it in the fleet', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  const { tagId, members, other } = await tagOf(sandbox, hosts)
  const ids = members.map(({ id }) => String(id))
  const fleet = [...ids.slice(0, 8), String(other.id)]
  const id = await propose(server, {
    scriptId,
    fleet: { assetIds: fleet },
    waves: [{ assetIds: ids.slice(0, 2) }, { assetTagId: tagId }, { rest: true }],
    stopAfter: { all: '50%' },
  })
  expect(stateIn(folder, id).waves.map(({ planned }) => planned.hosts)).toEqual([
    ids.slice(0, 2),
    ids.slice(2, 8),
    [String(other.id)],
  ])
})

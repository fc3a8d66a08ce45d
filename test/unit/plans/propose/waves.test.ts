import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../../src/shared/errors.ts'
import { hostsOf } from '../../../../src/tools/plans/bounds.ts'
import {
  type ChosenWave,
  plannedHosts,
  splitFleet,
  unplannedText,
  type WaveSelection,
} from '../../../../src/tools/plans/propose/waves.ts'
import { checkProperty } from '../../../support/properties/property.ts'

// A fleet is divided into waves: each host is in one of them, or in none.

const idsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => String(first + at))
const fleet = idsFrom(90, 40)

const byIds = (...hosts: readonly string[]): WaveSelection => ({ kind: 'ids', hosts })
const byTag = (...hosts: readonly string[]): WaveSelection => ({ kind: 'tag', id: '7588', name: 'EU', hosts })
const share = (percent: number): WaveSelection => ({ kind: 'share', percent })
const rest: WaveSelection = { kind: 'rest' }
const waves = (...selections: readonly WaveSelection[]): ChosenWave[] =>
  selections.map((selection) => ({ selection }))

function refusalOf(chosen: readonly ChosenWave[], hosts = fleet): string {
  try {
    splitFleet(hosts, chosen)
    return ''
  } catch (error) {
    if (error instanceof InputError) return `${error.message} ${error.next}`
    throw error
  }
}

describe('waves of a fleet', () => {
  test('are what each of them chose', () => {
    const [lab, tag, canary, last] = splitFleet(fleet, [
      { name: 'lab', selection: byIds('100', '99'), soakMinutes: 60 },
      { name: 'EU hosts', selection: byTag('101', '100', '7', '102'), needsApproval: true },
      { selection: share(10) },
      { selection: rest },
    ])
    expect(lab).toEqual({
      name: 'lab',
      hosts: ['99', '100'],
      chosenBy: 'listed ids',
      soakMinutes: 60,
      needsApproval: false,
    })
    expect(tag).toMatchObject({
      name: 'EU hosts',
      hosts: ['101', '102'],
      soakMinutes: 0,
      needsApproval: true,
    })
    expect(tag?.chosenBy).toBe(
      'tag 7588 "EU", without 1 host of earlier waves and 1 host outside of the fleet',
    )
    expect(canary).toMatchObject({ name: 'wave 3', chosenBy: '10% of 36 hosts left' })
    expect(canary?.hosts).toHaveLength(4)
    expect(last).toMatchObject({ name: 'wave 4', chosenBy: 'the rest' })
    expect(last?.hosts).toHaveLength(32)
  })

  test('say nothing of a tag that lies within the fleet and was not touched', () =>
    expect(splitFleet(fleet, waves(byTag('90', '91')))[0]?.chosenBy).toBe('tag 7588 "EU"'))

  test('may leave hosts out, which is said by number', () => {
    const some = splitFleet(fleet, waves(byIds('90')))
    expect(plannedHosts(some)).toBe(1)
    expect(unplannedText(fleet, some)).toBe('39 of 40 hosts are in no wave')
    expect(unplannedText(['90', '91'], some)).toBe('1 of 2 hosts is in no wave')
    expect(unplannedText(fleet, splitFleet(fleet, waves(rest)))).toBeUndefined()
  })

  test('have ids in the order of numbers, however long they are', () => {
    const long = '1000000000000000000000'
    expect(splitFleet([`${long}1`, '9', `${long}0`, '10'], waves(rest))[0]?.hosts).toEqual([
      ...['9', '10'],
      ...[`${long}0`, `${long}1`],
    ])
  })
})

describe('a share', () => {
  test('is not the first hosts, and not a block of them', () => {
    const many = idsFrom(10_000, 1000)
    const hosts = splitFleet(many, waves(share(10)))[0]?.hosts ?? []
    const hundreds = new Set(hosts.map((id) => id.slice(0, 3)))
    expect(hosts).toHaveLength(100)
    expect(hundreds.size).toBe(10)
  })

  test('is the same in every plan: a change of the order would give other hosts to plans that wait for approval', () =>
    expect(splitFleet(fleet, waves(share(10)))[0]?.hosts).toMatchInlineSnapshot(`
      [
        "92",
        "94",
        "95",
        "116",
      ]
    `))
})

describe('waves that are refused', () => {
  test.each<[string, readonly ChosenWave[], string]>([
    [
      'ids outside of the fleet',
      [{ name: 'lab', selection: byIds('90', '7', '6', '5', '4', '3', '1') }],
      '6 hosts of wave 1 (lab) are not in the fleet: 1, 3, 4, 5, 6 and 1 more. Add them to the fleet, or take them out of the wave.',
    ],
    [
      'one id outside of the fleet',
      waves(byIds('7')),
      '1 host of wave 1 is not in the fleet: 7. Add them to the fleet, or take them out of the wave.',
    ],
    [
      'ids of an earlier wave',
      [
        { selection: byIds('100') },
        { name: 'canary', selection: byTag('90', '91', '92') },
        { name: 'fleet', selection: byIds('92', '91', '90', '110') },
      ],
      'Wave 2 (canary) and wave 3 (fleet) share 3 hosts (90, 91, 92): each host is in one wave. Name each host in one wave, and put waves of ids before those of a tag or a share.',
    ],
    [
      'a rest that is not last',
      waves(rest, byIds('90')),
      'Wave 1 takes the rest, and is not the last wave. Put the wave with rest last, and pass it once.',
    ],
    [
      'two of them',
      waves(rest, rest),
      'Wave 1 takes the rest, and is not the last wave. Put the wave with rest last, and pass it once.',
    ],
    [
      'a rest of nothing',
      waves(share(100), rest),
      'Wave 2 has no hosts: earlier waves have all hosts of the fleet. Leave this wave out, or choose other hosts for it.',
    ],
    [
      'a share of nothing',
      [{ selection: share(100) }, { name: 'more', selection: share(5) }],
      'Wave 2 (more) has no hosts: earlier waves have all hosts of the fleet. Leave this wave out, or choose other hosts for it.',
    ],
    [
      'a tag without hosts',
      waves(byTag()),
      'Wave 1 has no hosts: tag 7588 "EU" has none. Leave this wave out, or choose other hosts for it.',
    ],
    [
      'a tag outside of the fleet',
      waves(byTag('1')),
      'Wave 1 has no hosts: tag 7588 "EU" has none in the fleet. Leave this wave out, or choose other hosts for it.',
    ],
    [
      'a tag of which earlier waves have all',
      waves(byIds('90'), byTag('90', '1')),
      'Wave 2 has no hosts: earlier waves have all hosts of tag 7588 "EU". Leave this wave out, or choose other hosts for it.',
    ],
    [
      'an empty list',
      waves(byIds()),
      'Wave 1 has no hosts: its list of ids is empty. Leave this wave out, or choose other hosts for it.',
    ],
    [
      'a name twice',
      [
        { name: 'Lab', selection: byIds('90') },
        { name: 'lab ', selection: rest },
      ],
      'Waves 1 and 2 are both called "lab". Give each wave its own name, or none.',
    ],
    [
      'the name of another wave',
      [{ selection: byIds('90') }, { name: 'Wave 3', selection: rest }],
      'Wave 2 is called "Wave 3", as if it were another one. Give it another name, or none.',
    ],
  ])('%s', (_, chosen, message) => expect(refusalOf(chosen)).toBe(message))
})

describe('any division', () => {
  const shares = fc.array(fc.integer({ min: 1, max: 99_000 }), { minLength: 1, maxLength: 6 })
  const cases = fc.record({
    hosts: fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 12, maxLength: 300 }),
    tagged: fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 50 }),
    shares,
    hasRest: fc.boolean(),
    seed: fc.integer(),
  })

  /** Waves that are not empty: the ids are the first two hosts of the fleet. */
  function chosenFrom({
    hosts,
    tagged,
    shares,
    hasRest,
  }: {
    hosts: number[]
    tagged: number[]
    shares: number[]
    hasRest: boolean
  }): ChosenWave[] {
    const [one = 0, two = 0, three = 0] = hosts
    return waves(
      byIds(String(one), String(two)),
      byTag(String(three), ...tagged.map(String)),
      ...shares.slice(0, 3).map((thousandths) => share(thousandths / 1000)),
      ...(hasRest ? [rest] : []),
    )
  }

  /** The waves, or why there are none: a later one may be left without hosts. */
  function split(hosts: readonly string[], chosen: readonly ChosenWave[]): string {
    try {
      return JSON.stringify(splitFleet(hosts, chosen))
    } catch (error) {
      if (error instanceof InputError) return error.message
      throw error
    }
  }

  test('has each host at most once, in order, and only hosts of the fleet', () =>
    checkProperty(cases, 200, (given) => {
      const hosts = given.hosts.map(String)
      const text = split(hosts, chosenFrom(given))
      if (!text.startsWith('[')) {
        expect(text).toContain('has no hosts')
        return
      }
      const planned: ReturnType<typeof splitFleet> = JSON.parse(text)
      const all = planned.flatMap((wave) => wave.hosts)
      expect(new Set(all).size).toBe(all.length)
      expect(all.filter((host) => !hosts.includes(host))).toEqual([])
      for (const wave of planned)
        expect(wave.hosts).toEqual([...wave.hosts].sort((one, other) => Number(one) - Number(other)))
      if (given.hasRest) expect(all.length).toBe(hosts.length)
    }))

  test('takes exactly its share of what is left, rounded up', () =>
    checkProperty(cases, 200, (given) => {
      const hosts = given.hosts.map(String)
      const percents = given.shares.map((thousandths) => thousandths / 1000)
      let left = hosts.length
      const sizes: number[] = []
      for (const percent of percents) {
        if (left === 0) break
        sizes.push(hostsOf({ percent }, left))
        left -= hostsOf({ percent }, left)
      }
      const planned = splitFleet(hosts, waves(...percents.slice(0, sizes.length).map(share)))
      expect(planned.map((wave) => wave.hosts.length)).toEqual(sizes)
    }))

  test('does not depend on the order of the hosts', () =>
    checkProperty(cases, 200, (given) => {
      const chosen = chosenFrom(given)
      const hosts = given.hosts.map(String)
      const turned = [...hosts].sort(
        (one, other) => (Number(one) ^ given.seed) - (Number(other) ^ given.seed),
      )
      expect(split(turned, chosen)).toBe(split(hosts, chosen))
    }))
})

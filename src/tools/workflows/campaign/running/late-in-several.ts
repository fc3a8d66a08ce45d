import { normalizedName } from '../../../../operations/saq/people/names.ts'
import type { Person } from '../../../../operations/saq/people/person.ts'
import { FirstPlaces, idText, type Place } from '../shared/places.ts'
import { type CampaignReading, nameInKey } from './campaign-reading.ts'

/** A person who is late in several campaigns. */
export interface LatePerson {
  readonly place: Place
  readonly person: Person
  /** Ids of the campaigns. */
  readonly campaigns: readonly string[]
  /** True if in one of them the name alone tells who it is. */
  readonly isByName: boolean
}

/** Who is late in several campaigns. */
export interface LateInSeveral {
  /** Those in most campaigns first. */
  readonly people: FirstPlaces<LatePerson>
  /** Names of those who may be: namesakes, of whom it is not known who is late. */
  readonly perhaps: readonly string[]
}

type Campaigns = Map<string, Set<string>>

function addTo(campaigns: Campaigns, key: string, ids: Iterable<string>): void {
  const known = campaigns.get(key) ?? new Set()
  for (const id of ids) known.add(id)
  campaigns.set(key, known)
}

/** The campaigns of each person, of those with some keys. */
function campaignsBy(
  readings: readonly CampaignReading[],
  keysOf: (reading: CampaignReading) => Iterable<string>,
): Campaigns {
  const campaigns: Campaigns = new Map()
  for (const reading of readings)
    for (const key of keysOf(reading)) addTo(campaigns, key, [reading.campaign.id])
  return campaigns
}

/** Moves what is known by name alone to the one person of that name who has an id; returns their keys. */
function mergeNames(campaigns: Campaigns, people: ReadonlyMap<string, Person>): ReadonlySet<string> {
  const names = new Map<string, string[]>()
  for (const key of campaigns.keys()) {
    const name = nameInKey(key)
    if (name !== undefined) names.set(name, [])
  }
  if (names.size > 0)
    for (const key of campaigns.keys())
      if (nameInKey(key) === undefined) names.get(normalizedName(people.get(key)?.name ?? ''))?.push(key)
  const merged = new Set<string>()
  for (const key of [...campaigns.keys()]) {
    const name = nameInKey(key)
    const [owner, other] = names.get(name ?? '') ?? []
    if (name === undefined || owner === undefined || other !== undefined) continue
    addTo(campaigns, owner, campaigns.get(key) ?? [])
    campaigns.delete(key)
    merged.add(owner)
  }
  return merged
}

/** Finds who is late in several campaigns. `wanted`: how many to list behind a place. */
export function lateInSeveral(
  readings: readonly CampaignReading[],
  people: ReadonlyMap<string, Person>,
  wanted: number,
  after: Place | undefined,
): LateInSeveral {
  const certain = campaignsBy(readings, ({ late }) => late)
  const possible = campaignsBy(readings, ({ perhaps }) => perhaps)
  const merged = mergeNames(certain, people)
  const first = new FirstPlaces<LatePerson>(wanted, after)
  for (const [key, ids] of certain) {
    const person = people.get(key)
    if (ids.size < 2 || !person) continue
    first.add({
      place: { numbers: [-ids.size], text: idText(key) },
      person,
      campaigns: [...ids],
      isByName: merged.has(key) || nameInKey(key) !== undefined,
    })
  }
  const perhaps = new Set<string>()
  for (const [key, ids] of possible) {
    const known = certain.get(key) ?? new Set()
    if (known.size < 2 && new Set([...known, ...ids]).size > 1) perhaps.add(people.get(key)?.name ?? '')
  }
  return { people: first, perhaps: [...perhaps] }
}

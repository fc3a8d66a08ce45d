import { whole, yesNo } from '../../fields.ts'
import type { Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { localFilter, type RowTest } from '../../reads/local-filter.ts'
import { searchAssets } from '../assets.ts'
import { allOf, anyOf, exactId, holds, type Key, keyOf, keysIn, not } from '../names/keys.ts'
import { findTags, tagInput, tagsOf, tagsOfInput } from '../names/tag-names.ts'
import { isDueWithin } from '../timetable/next-run.ts'
import { countHosts } from './count-hosts.ts'

type Row = Readonly<Record<string, unknown>>

/** The tags of a host; undefined if they cannot be read. */
async function tagsOfHost(
  row: Row | undefined,
  lists: Lists<Operation>,
): Promise<readonly Key[] | undefined> {
  const keys = row && tagsOf(row)?.map(keyOf)
  if (!keys || keys.length === 0) return keys
  const tags = await findTags(
    keys.flatMap(({ id, uuid }) => id ?? uuid ?? []),
    lists,
  )
  return keys.map((key) => ({ ...keyOf(tags.get(key.id ?? key.uuid ?? '')), ...key }))
}

/** Why the tags of a host are not known. */
function unreadTags(assetId: string, isListRead: boolean, isShown: boolean): string {
  if (!isListRead) return 'the list of hosts cannot be read'
  return isShown
    ? `the record of host ${assetId} does not show its tags`
    : `the list of hosts shows no host ${assetId}`
}

/** Schedules that reach a host: by its name, or through its tags. */
async function reachesHost(assetId: string, lists: Lists<Operation>): Promise<RowTest> {
  const found = await lists.attempt(() => lists.find(searchAssets, [assetId]))
  const row = found?.get(assetId)
  const host: Key = { ...keyOf(row ?? {}), ...keyOf(assetId) }
  const hostTags = await tagsOfHost(row, lists)
  const isOfTags = ({ assetTags, allTagsForAssetsEnabled: needsAll }: Row) => {
    const tags = keysIn(assetTags)
    if (!tags || tags.length === 0) return tags ? false : undefined
    const verdicts = tags.map((tag) => holds(hostTags, tag))
    const [any, all] = [anyOf(verdicts), allOf(verdicts)]
    if (any === all) return any
    if (needsAll === true) return all
    return needsAll === false ? any : undefined
  }
  return {
    test: (schedule) =>
      allOf([
        anyOf([holds(keysIn(schedule['assets']), host), isOfTags(schedule)]),
        not(holds(keysIn(schedule['excludedAssets']), host)),
      ]),
    needs: hostTags
      ? 'all their targets'
      : `targets that can be compared (${unreadTags(assetId, found !== undefined, row !== undefined)})`,
  }
}

/** What people ask of schedules. No token of Qualys for it is public. */
export const scheduleFilters = {
  scriptId: localFilter(exactId('car_search_scripts'), (scriptId): RowTest => {
    const script = keyOf(scriptId)
    return { test: ({ scripts }) => holds(keysIn(scripts), script), needs: 'their scripts' }
  }),
  assetId: localFilter(exactId('car_search_assets'), (assetId, lists: Lists<Operation>) =>
    reachesHost(assetId, lists),
  ),
  tagId: localFilter(tagInput, async (tagId, lists: Lists<Operation>): Promise<RowTest> => {
    const { keys, notes } = await tagsOfInput(tagId, lists)
    return {
      test: ({ assetTags }) => {
        const tags = keysIn(assetTags)
        return anyOf(keys.map((key) => holds(tags, key)))
      },
      needs: 'their tags in a form that can be compared',
      notes: () => notes,
    }
  }),
  active: localFilter(
    yesNo(),
    (active): RowTest => ({
      test: ({ activate }) => (typeof activate === 'boolean' ? activate === active : undefined),
      needs: 'whether they are switched on',
    }),
  ),
  dueWithinDays: localFilter(
    whole(1, 366),
    (days, lists: Lists<Operation>): RowTest => ({
      test: (schedule) => isDueWithin(schedule, days, lists.now),
      needs: 'when they run (a field is missing or unclear, or names another time zone)',
    }),
  ),
  countHosts,
}

import type { NewState, ShownTargets } from '../../effects/new-state.ts'
import type { Input } from '../../operation.ts'
import { counted, quoted } from '../../sentences.ts'
import { someOf, textIn } from './words.ts'

// No page says how soon a run can be found by its correlationUuid, so it is not searched for: car_follow_run waits for it.

const maxNames = 3

const idsIn = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map(String) : [])

/** The names that rows of hosts or tags show. */
const namesIn = (rows: readonly Input[]): readonly string[] =>
  rows.flatMap((row) => textIn(row, 'name', 'title') ?? [])

/** `on 2 hosts: "a", "b"`; the names of those that the preview showed. */
function hostsText(noun: string, count: number, rows: readonly Input[]): string {
  const names = namesIn(rows).map((name) => quoted(name))
  const list = names.length === count ? `: ${someOf(names, maxNames)}` : ''
  return `on ${counted(count, noun)}${list}`
}

/** Where a script was started: what the call sent, with the names that the preview showed. */
export function runState(input: Input, shown: ShownTargets): NewState | undefined {
  const isLab = input['testMode'] === true
  const noun = isLab ? 'lab host' : 'host'
  const ids = idsIn(input['assetIds'] ?? input['testAssets'])
  const tags = idsIn(input['assetTagIds'] ?? input['testTags'])
  const excluded = idsIn(input['excludedAssetIds'])
  const scriptTitle = textIn(shown.row('script', String(input['scriptId'])), 'title')
  const count = shown.hosts?.count
  const named = tags.map((id) => {
    const name = textIn(shown.row('tag', id), 'name')
    return name === undefined ? id : `${quoted(name)} (${id})`
  })
  const fields = {
    ...(scriptTitle !== undefined && { scriptTitle }),
    ...(tags.length > 0 && { tags: named }),
    ...(isLab && { testMode: true }),
  }
  if (tags.length === 0 && ids.length > 0) {
    const reached = ids.filter((id) => !excluded.includes(id))
    const shownRows = reached.map((id) => shown.row('host', id)).filter((row) => row !== undefined)
    return {
      text: hostsText(noun, reached.length, shownRows),
      fields: { ...fields, hosts: reached.length, hostNames: namesIn(shownRows).slice(0, maxNames) },
    }
  }
  const byId = ids.length > 0 ? ` and ${counted(ids.length, noun)} by id` : ''
  const byTag = `by tag ${someOf(named, maxNames)}${byId}`
  // The hosts of a tag may change until Qualys reads it.
  return count === undefined
    ? { text: `${byTag}, how many hosts is not known`, fields }
    : { text: `${byTag}, ${counted(count, noun)} when counted`, fields: { ...fields, hosts: count } }
}

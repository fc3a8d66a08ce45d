import type { NewState, ShownTargets } from '../../effects/new-state.ts'
import type { Input } from '../../operation.ts'
import { counted, quoted } from '../../sentences.ts'
import { countedByName, someOf, textIn } from './words.ts'

// No page says how soon a run can be found by its correlationUuid, so it is not searched for: car_follow_run waits for it.

const maxNames = 3

const idsIn = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map(String) : [])

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
    const names = reached.flatMap((id) => textIn(shown.row('host', id), 'name', 'title') ?? [])
    return {
      text: `on ${countedByName(noun, reached.length, names)}`,
      fields: { ...fields, hosts: reached.length, hostNames: names.slice(0, maxNames) },
    }
  }
  const byId = ids.length > 0 ? ` and ${counted(ids.length, noun)} by id` : ''
  const byTag = `by tag ${someOf(named, maxNames)}${byId}`
  // The hosts of a tag may change until Qualys reads it.
  return count === undefined
    ? { text: `${byTag}, how many hosts is not known`, fields }
    : { text: `${byTag}, ${counted(count, noun)} when counted`, fields: { ...fields, hosts: count } }
}

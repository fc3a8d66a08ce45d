import { searchText, writeClause } from '../../fields.ts'
import type { Lists } from '../../lists.ts'
import { localFilter, type RowTest } from '../../local-filter.ts'
import type { Input, Operation } from '../../operation.ts'
import { quoted } from '../../sentences.ts'
import { unseen } from '../../unseen.ts'
import { searchScripts } from '../scripts.ts'
import { idText } from './values.ts'

const hidden = new RegExp(`[\\p{C}${unseen}]`, 'gu')

/** A title as pages show it. */
const shown = (title: unknown): string =>
  typeof title === 'string' ? title.replace(/\s+/gu, ' ').replace(hidden, '').trim() : ''

/** Qualys names a run `TITLE-SECONDS` (getting_started.htm). */
const withoutSeconds = (title: string): string => title.replace(/-\d{9,11}$/, '')

/** More scripts would make a filter that is too long. */
const maxScriptsInClause = 100
const maxNear = 5

interface TitledScripts {
  readonly ids: readonly string[]
  /** Titles that hold the words in another case or with more around them. */
  readonly near: readonly string[]
}

/** The scripts with exactly this title; undefined if the list of scripts cannot be read. */
async function scriptsTitled(title: string, lists: Lists<Operation>): Promise<TitledScripts | undefined> {
  const ids: string[] = []
  const near = new Set<string>()
  return lists.attempt(async () => {
    for await (const rows of lists.walk(searchScripts, {}, ['id', 'title']))
      for (const row of rows) {
        const other = shown(row['title'])
        const id = idText(row['id'])
        if (other === title && id !== undefined) ids.push(id)
        else if (near.size < maxNear && other.toLowerCase().includes(title.toLowerCase())) near.add(other)
      }
    return { ids, near: [...near] }
  })
}

/** Without a script of the list: the words of the title at Qualys, and the title of each run here. */
const byRunTitle = (title: string, why: string): RowTest => ({
  clause: writeClause('script.name', title),
  needs: 'their title',
  test: (row) => {
    const own = shown(row['title'])
    return own === '' ? undefined : withoutSeconds(own) === title
  },
  notes: () => [`${why}: runs are compared by their own title, without the seconds at its end.`],
})

const byScripts = (ids: readonly string[]): RowTest => {
  const hasClause = ids.length <= maxScriptsInClause
  return {
    ...(hasClause && { clause: ids.map((id) => `scriptId:${id}`).join(' OR ') }),
    needs: 'their script',
    test: (row: Input) => {
      const id = idText(row['scriptId'])
      return id === undefined ? hasClause || undefined : ids.includes(id)
    },
    notes: () =>
      ids.length > 1 ? [`${ids.length} scripts have this title: ${ids.slice(0, 10).join(', ')}.`] : [],
  }
}

/** Runs of the scripts with exactly this title. */
export const scriptTitleFilter = localFilter(searchText('exact'), async (value, lists: Lists<Operation>) => {
  const title = shown(value)
  const scripts = await scriptsTitled(title, lists)
  if (!scripts)
    return byRunTitle(title, `The list of scripts cannot be read (${searchScripts.name} says why)`)
  if (scripts.ids.length > 0) return byScripts(scripts.ids)
  const near = scripts.near.map((other) => quoted(other)).join(', ')
  return byRunTitle(
    title,
    `${searchScripts.name} shows no script with exactly this title${near === '' ? '' : ` (but ${near})`}`,
  )
})

import { searchText, writeClause } from '../../fields.ts'
import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { localFilter, type RowTest } from '../../reads/local-filter.ts'
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

/** Scripts by how near their titles are to one. */
interface TitledScripts {
  readonly exact: readonly string[]
  /** In another case. */
  readonly alike: readonly string[]
  /** Titles with more around the words. */
  readonly near: readonly string[]
}

/** The scripts with this title, and titles near it; undefined if the list of scripts cannot be read. */
async function scriptsTitled(title: string, lists: Lists<Operation>): Promise<TitledScripts | undefined> {
  const exact: string[] = []
  const alike: string[] = []
  const near = new Set<string>()
  const lower = title.toLowerCase()
  return lists.attempt(async () => {
    for await (const rows of lists.walk(searchScripts, {}, ['id', 'title']))
      for (const row of rows) {
        const other = shown(row['title'])
        const id = idText(row['id'])
        if (other === title && id !== undefined) exact.push(id)
        else if (other.toLowerCase() === lower && id !== undefined) alike.push(id)
        else if (near.size < maxNear && lower !== '' && other.toLowerCase().includes(lower)) near.add(other)
      }
    return { exact, alike, near: [...near] }
  })
}

/** Without a script of the list: the words of the title at Qualys, and the title of each run here. */
const byRunTitle = (title: string, why: string): RowTest => ({
  clause: writeClause('script.name', withoutSeconds(title)),
  needs: 'their title',
  test: (row) => {
    const own = shown(row['title'])
    return own === '' ? undefined : own === title || withoutSeconds(own) === title
  },
  notes: () => [`${why}: runs are compared by their own title, without the seconds at its end.`],
})

const byScripts = (ids: readonly string[], remark: readonly string[] = []): RowTest => {
  const hasClause = ids.length <= maxScriptsInClause
  return {
    ...(hasClause && { clause: ids.map((id) => `scriptId:${id}`).join(' OR ') }),
    needs: 'their script',
    test: (row: Input) => {
      const id = idText(row['scriptId'])
      return id === undefined ? hasClause || undefined : ids.includes(id)
    },
    notes: () => [
      ...remark,
      ...(ids.length > 1 ? [`${ids.length} scripts have this title: ${ids.slice(0, 10).join(', ')}.`] : []),
    ],
  }
}

/** Runs of the scripts with exactly this title. */
export const scriptTitleFilter = localFilter(searchText('exact'), async (value, lists: Lists<Operation>) => {
  const title = shown(value)
  const scripts = await scriptsTitled(title, lists)
  if (!scripts)
    return byRunTitle(title, `The list of scripts cannot be read (${searchScripts.name} says why)`)
  const { exact, alike } = scripts
  if (exact.length > 0) return byScripts(exact)
  if (alike.length > 0) return byScripts(alike, ['The title of the script is in another case.'])
  const near = scripts.near.map((other) => quoted(other)).join(', ')
  return byRunTitle(
    title,
    `${searchScripts.name} shows no script with exactly this title${near === '' ? '' : ` (but ${near})`}`,
  )
})

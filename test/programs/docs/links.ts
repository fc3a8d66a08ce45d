import { posix } from 'node:path'
import { closestMatch } from 'leven'
import type { Page } from './blocks.ts'
import { type Outline, outlineOf } from './markdown.ts'

// Whether every link of the pages works. Web addresses are only parsed: nothing is fetched.

export interface LinkCheck {
  readonly pages: readonly Page[]
  /** Every file of the repository, pages included. */
  readonly files: readonly string[]
  readonly linesOf: (path: string) => number
}

interface Places {
  readonly outlines: ReadonlyMap<string, Outline>
  readonly files: ReadonlySet<string>
  readonly folders: ReadonlySet<string>
  readonly linesOf: (path: string) => number
}

/** `docs/a/b.md` lies in `docs/a`, in `docs` and in the repository itself. */
function foldersOf(files: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>(['.'])
  for (const file of files)
    for (let at = posix.dirname(file); at !== '.'; at = posix.dirname(at)) folders.add(at)
  return folders
}

function suggestion(wrong: string, known: Iterable<string>, sign = ''): string {
  const near = closestMatch(wrong, [...known], { maxDistance: Math.max(3, Math.floor(wrong.length / 3)) })
  return near === undefined ? '' : `; did you mean ${sign}${near}?`
}

/** What is wrong with an address with a scheme, such as https: or mailto:. */
function addressFault(target: string): string | undefined {
  if (/^(file:|[a-z]:[\\/])/i.test(target)) return 'it is a path on one machine'
  if (!/^(https?|mailto):/i.test(target)) return 'GitHub follows http, https and mailto alone'
  return URL.canParse(target) ? undefined : 'it is no address'
}

function anchorFault(path: string, anchor: string, places: Places): string | undefined {
  const outline = places.outlines.get(path)
  if (outline) {
    if (outline.anchors.has(anchor)) return undefined
    return `${path} has no heading #${anchor}${suggestion(anchor, outline.anchors, '#')}`
  }
  const [, first, last = first] = /^L(\d+)(?:-L(\d+))?$/.exec(anchor) ?? []
  if (first === undefined) return `${path} has lines (#L1), but no anchor #${anchor}`
  const lines = places.linesOf(path)
  return Number(last) <= lines ? undefined : `${path} has only ${lines} lines`
}

/** The decoded path of a link; undefined where its % encoding is invalid. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function pathFault(page: string, target: string, places: Places): string | undefined {
  const hash = target.indexOf('#')
  const path = decoded((hash < 0 ? target : target.slice(0, hash)).replace(/\?.*$/, ''))
  const anchor = hash < 0 ? '' : decoded(target.slice(hash + 1))
  if (path === undefined || anchor === undefined) return 'it has a % that encodes nothing'
  if (path.includes('\\')) return 'the parts of a path are separated by /'
  const full = path === '' ? page : posix.join(posix.dirname(page), path).replace(/\/$/, '')
  if (full === '..' || full.startsWith('../')) return 'it leaves the repository'
  if (places.folders.has(full)) return anchor === '' ? undefined : `${full} is a folder and has no anchors`
  if (!places.files.has(full)) return `the repository has no ${full}${suggestion(full, places.files)}`
  return anchor === '' ? undefined : anchorFault(full, anchor, places)
}

function linkFault(page: string, target: string, places: Places): string | undefined {
  if (target === '' || target === '#') return 'it leads nowhere'
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return addressFault(target)
  if (/^[/\\~]/.test(target)) return 'it is an absolute path: write it relative to the page'
  return pathFault(page, target, places)
}

/** One sentence for each broken link: file, line, link, and what is wrong with it. */
export function linkFaults({ pages, files, linesOf }: LinkCheck): string[] {
  const outlines = new Map(pages.map(({ path, text }) => [path, outlineOf(text)]))
  const places: Places = { outlines, files: new Set(files), folders: foldersOf(files), linesOf }
  return pages.flatMap(({ path }) =>
    (outlines.get(path)?.links ?? []).flatMap(({ line, target }) => {
      const fault = linkFault(path, target, places)
      return fault === undefined ? [] : [`${path}:${line}: the link "${target}" is broken: ${fault}.`]
    }),
  )
}

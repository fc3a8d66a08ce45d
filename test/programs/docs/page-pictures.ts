import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PageFiles } from '../../support/browser/drawing.ts'
import { repackPng } from './png.ts'

// Pictures of a page of the program. The same page looks a little different in each version of Chromium, so that
// pictures are not compared: pictures.json holds the digest of the page that they show, and their own.

const viewNames = ['light', 'dark', 'narrow'] as const

const listName = 'pictures.json'

/** Larger pictures make a clone of the repository slow. */
const maxBytes = 150_000

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

/** One page of which there are pictures. */
export interface PicturedPage extends PageFiles {
  /** The pictures are called `NAME-VIEW.png`. */
  readonly name: string
}

interface Made {
  /** The digest of the page's files. */
  readonly page: string
  /** The digests of the pictures, by file. */
  readonly pictures: Readonly<Record<string, string>>
}

type List = Readonly<Record<string, Made>>

function readList(folder: string): List {
  const file = join(folder, listName)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as List) : {}
}

/** The digest of all that a page is drawn from. */
function digestOf({ origin, path, files }: PicturedPage): string {
  const parts = Object.entries(files).map(([name, { type, body }]) => [name, type, body])
  return sha256(JSON.stringify([origin, path, parts]))
}

const picturesOf = ({ name }: PicturedPage): string[] => viewNames.map((view) => `${name}-${view}.png`)

/** The pictures in a folder that do not show the page as it is, or were changed by hand. Needs no browser. */
export function stalePictures(page: PicturedPage, folder: string): readonly string[] {
  const made = readList(folder)[page.name]
  const isCurrent = made?.page === digestOf(page)
  return picturesOf(page).filter((picture) => {
    const file = join(folder, picture)
    return !isCurrent || !existsSync(file) || sha256(readFileSync(file)) !== made.pictures[picture]
  })
}

/** Draws the pictures of a page in Chromium, and notes in the list what they show. Throws if one is too large. */
export async function drawPictures(page: PicturedPage, folder: string): Promise<void> {
  const { drawPage } = await import('../../support/browser/drawing.ts')
  const drawn = await drawPage(page)
  mkdirSync(folder, { recursive: true })
  const pictures: Record<string, string> = {}
  for (const view of viewNames) {
    const screenshot = drawn.get(view)
    if (!screenshot) throw new Error(`There is no view ${view}.`)
    const data = repackPng(screenshot)
    if (data.length > maxBytes)
      throw new Error(`The picture ${page.name}-${view}.png has ${data.length} bytes: show less on the page.`)
    pictures[`${page.name}-${view}.png`] = sha256(data)
    writeFileSync(join(folder, `${page.name}-${view}.png`), data)
  }
  const list: List = { ...readList(folder), [page.name]: { page: digestOf(page), pictures } }
  writeFileSync(join(folder, listName), `${JSON.stringify(list, undefined, 2)}\n`)
}

import { join } from 'node:path'
import { callersFileSchemaJson } from '../../src/service/callers/callers-file-schema.ts'
import { fillBlocks } from './docs/blocks.ts'
import { blocks } from './docs/generators.ts'
import { linkFaults } from './docs/links.ts'
import { drawPictures, type PicturedPage, stalePictures } from './docs/page-pictures.ts'
import { makePictures, pictureFolder } from './docs/pictures.ts'
import { readPages, repositoryFiles, root, textOf, write } from './docs/repository.ts'
import { costFaults, listingsText } from './docs/tools.ts'

// Writes the files that are generated from the code: the tool manifest, the schema of the callers file, the blocks of the pages
// (docs/generators.ts) and the pictures. Then it checks the links of all pages. With --check it writes nothing, and
// reports stale files.

const check = process.argv.includes('--check')
const callersSchema = 'docs/callers.schema.json'
const listings = 'src/tools/server/tool-manifest.json'

function complain(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

/** Writes a file that is not current, or reports it. */
function keep(path: string, text: string): void {
  if (textOf(path) === text) return
  if (check) complain(`${path} is stale: run npm run docs and commit it.`)
  else write(path, text)
}

/** Draws the pictures of a page that are not current, in Chromium, or reports them. */
async function keepPictures(page: PicturedPage): Promise<void> {
  const folder = join(root, pictureFolder)
  const stale = stalePictures(page, folder)
  if (!check && stale.length > 0) await drawPictures(page, folder)
  else
    for (const name of stale) complain(`${pictureFolder}/${name} is stale: run npm run docs and commit it.`)
}

async function main(): Promise<void> {
  keep(callersSchema, `${JSON.stringify(callersFileSchemaJson(), undefined, 2)}\n`)
  // First: the programs that the pictures show read the manifest.
  keep(listings, listingsText)
  const pictures = await makePictures()
  for (const [path, text] of pictures.files) keep(path, text)
  await keepPictures(pictures.page)
  const files = repositoryFiles()
  const { pages, faults } = fillBlocks(readPages(files), blocks)
  for (const { path, text } of pages) keep(path, text)
  const linesOf = (path: string): number => (textOf(path) ?? '').split('\n').length
  for (const fault of [...faults, ...linkFaults({ pages, files, linesOf }), ...costFaults()]) complain(fault)
}

await main()

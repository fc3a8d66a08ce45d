import { approvalPage } from './approval-page.ts'
import { demoPicture } from './demo-picture.ts'
import type { PicturedPage } from './page-pictures.ts'
import { previewPicture } from './preview-picture.ts'
import { columns, drawSvg, type Picture, type Theme } from './svg.ts'
import { wrapLine } from './terminal.ts'
import { whileItWaits } from './waiting-call.ts'

/** The folder of all pictures. */
export const pictureFolder = 'docs/pictures'

const themes: readonly Theme[] = ['light', 'dark']

/** One picture in both themes, by path. */
function filesOf(name: string, picture: Picture): (readonly [path: string, text: string])[] {
  const lines = picture.lines.flatMap((pieces) => wrapLine(pieces, columns))
  return themes.map((theme) => [
    `${pictureFolder}/${name}-${theme}.svg`,
    drawSvg({ ...picture, lines }, theme),
  ])
}

/** What the pictures show. */
interface Pictures {
  /** Every picture of a terminal that this machine can make, by its path in the repository. */
  readonly files: ReadonlyMap<string, string>
  /** The page of which a browser draws pictures. */
  readonly page: PicturedPage
}

/** Makes everything that the pictures show. */
export async function makePictures(): Promise<Pictures> {
  const [demo, [page, preview]] = await Promise.all([
    demoPicture(),
    // First the page: the terminal approves the call.
    whileItWaits(async (call) => [await approvalPage(call), await previewPicture(call)] as const),
  ])
  if (!preview)
    console.error('The picture of a preview is left out: node-pty has no prebuilt binary for this machine.')
  return { files: new Map([...filesOf('demo', demo), ...(preview ? filesOf('preview', preview) : [])]), page }
}

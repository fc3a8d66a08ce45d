import { demoPicture } from './demo-picture.ts'
import { previewPicture } from './preview-picture.ts'
import { columns, drawSvg, type Picture, type Theme } from './svg.ts'
import { wrapLine } from './terminal.ts'

const themes: readonly Theme[] = ['light', 'dark']

/** One picture in both themes, by path. */
function filesOf(name: string, picture: Picture): (readonly [path: string, text: string])[] {
  const lines = picture.lines.flatMap((pieces) => wrapLine(pieces, columns))
  return themes.map((theme) => [`docs/pictures/${name}-${theme}.svg`, drawSvg({ ...picture, lines }, theme)])
}

/** Every picture that this machine can make, by its path in the repository. */
export async function pictureFiles(): Promise<ReadonlyMap<string, string>> {
  const [demo, preview] = await Promise.all([demoPicture(), previewPicture()])
  if (!preview)
    console.error('The picture of a preview is left out: node-pty has no prebuilt binary for this machine.')
  return new Map([...filesOf('demo', demo), ...(preview ? filesOf('preview', preview) : [])])
}

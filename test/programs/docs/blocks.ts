// Blocks are what a page holds between `<!-- name: npm run docs -->` and `<!-- /name -->`, each mark on a line of its own.

/** A Markdown file, by its path in the repository. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** The content of each block, by its name. */
export type Blocks = ReadonlyMap<string, string>

const begin = /^<!-- ([a-z]+(?:-[a-z]+)*): npm run docs -->$/
const end = /^<!-- \/([a-z]+(?:-[a-z]+)*) -->$/
const nearlyMark = /^\s*<!--.*npm run docs/
const fence = /^ {0,3}(`{3,}|~{3,})/

export interface FilledPages {
  readonly pages: readonly Page[]
  /** One sentence for each thing that is wrong. */
  readonly faults: readonly string[]
}

interface Filling {
  readonly page: Page
  readonly blocks: Blocks
  readonly placed: Set<string>
  readonly faults: string[]
}

function filledPage({ page, blocks, placed, faults }: Filling): Page {
  const wrong = (line: number, what: string): void => {
    faults.push(`${page.path}:${line + 1}: ${what}`)
  }
  const lines = page.text.split('\n')
  const filled: string[] = []
  let fenced: string | undefined
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    filled.push(line)
    const [, mark] = fence.exec(line) ?? []
    // Marks within a fence are an example of marks.
    if (mark && (fenced === undefined || line.trim().startsWith(fenced)))
      fenced = fenced === undefined ? mark : undefined
    if (fenced !== undefined) continue
    const [, name] = begin.exec(line) ?? []
    if (name === undefined) {
      const [, alone] = end.exec(line) ?? []
      if (alone !== undefined) wrong(at, `the block "${alone}" ends here without a beginning.`)
      else if (nearlyMark.test(line)) wrong(at, 'a block begins with <!-- name: npm run docs --> alone.')
      continue
    }
    const close = lines.indexOf(`<!-- /${name} -->`, at)
    const content = blocks.get(name)
    if (content === undefined)
      wrong(at, `there is no block "${name}"; the blocks are ${[...blocks.keys()].join(', ')}.`)
    if (close < 0) {
      wrong(at, `the block "${name}" has no end: <!-- /${name} -->.`)
      continue
    }
    placed.add(name)
    filled.push(...(content === undefined ? lines.slice(at + 1, close) : content.split('\n')))
    filled.push(lines[close] ?? '')
    at = close
  }
  return { path: page.path, text: filled.join('\n') }
}

/** Fills every block of every page. A block that no page has is an error, too, since nobody would read it. */
export function fillBlocks(pages: readonly Page[], blocks: Blocks): FilledPages {
  const placed = new Set<string>()
  const faults: string[] = []
  const filled = pages.map((page) => filledPage({ page, blocks, placed, faults }))
  for (const name of blocks.keys()) {
    if (placed.has(name)) continue
    faults.push(
      `The block "${name}" is on no page: put <!-- ${name}: npm run docs --> and <!-- /${name} --> where it belongs.`,
    )
  }
  return { pages: filled, faults }
}

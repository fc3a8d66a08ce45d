import { describe, expect, test } from 'vitest'
import { fillBlocks } from '../../programs/docs/blocks.ts'

const blocks = new Map([
  ['tools', '| tool |\n| --- |\n| `a` |'],
  ['costs', '12 tokens'],
])
const begin = (name: string): string => `<!-- ${name}: npm run docs -->`
const end = (name: string): string => `<!-- /${name} -->`
const block = (name: string, content = ''): string => [begin(name), content, end(name)].join('\n')

const fill = (...texts: readonly string[]) =>
  fillBlocks(
    texts.map((text, at) => ({ path: `page-${at + 1}.md`, text })),
    blocks,
  )

describe('a block', () => {
  test('is filled, and filling it again changes nothing', () => {
    const { pages, faults } = fill(`# Title\n\n${block('tools', 'old\nlines')}\n\nend\n`, block('costs'))
    expect(faults).toEqual([])
    expect(pages[0]?.text).toBe(
      `# Title\n\n${begin('tools')}\n| tool |\n| --- |\n| \`a\` |\n${end('tools')}\n\nend\n`,
    )
    expect(fillBlocks(pages, blocks)).toEqual({ pages, faults: [] })
  })

  test('may stand on several pages, and several blocks on one page', () => {
    const { pages, faults } = fill(`${block('tools')}\n${block('costs')}`, block('costs', 'old'))
    expect(faults).toEqual([])
    for (const { text } of pages) expect(text).toContain('12 tokens')
    expect(pages[0]?.text).toContain('| `a` |')
  })

  test('with an unknown name is an error, and stays unchanged', () => {
    const page = block('tolls', 'kept')
    const { pages, faults } = fill(`\n${page}`, block('tools'), block('costs'))
    expect(faults).toEqual(['page-1.md:2: there is no block "tolls"; the blocks are tools, costs.'])
    expect(pages[0]?.text).toBe(`\n${page}`)
  })

  test('that is on no page is an error', () => {
    expect(fill(block('tools')).faults).toEqual([
      'The block "costs" is on no page: put <!-- costs: npm run docs --> and <!-- /costs --> where it belongs.',
    ])
  })

  test.each([
    ['without an end', begin('tools'), 'page-1.md:1: the block "tools" has no end: <!-- /tools -->.'],
    ['without a beginning', end('tools'), 'page-1.md:1: the block "tools" ends here without a beginning.'],
    [
      'whose mark is misspelt',
      '<!-- Tools : npm run docs -->',
      'page-1.md:1: a block begins with <!-- name: npm run docs --> alone.',
    ],
  ])('%s is an error', (_what, text, fault) => {
    const { pages, faults } = fill(text, block('tools'), block('costs'))
    expect(faults).toEqual([fault])
    expect(pages[0]?.text).toBe(text)
  })

  test('in a fence is an example', () => {
    const example = `\`\`\`md\n${begin('tolls')}\n${end('tolls')}\n\`\`\``
    const { pages, faults } = fill(`${example}\n${block('tools')}`, block('costs'))
    expect(faults).toEqual([])
    expect(pages[0]?.text.startsWith(example)).toBe(true)
  })
})

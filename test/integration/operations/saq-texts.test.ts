import { combinedTexts, longestText, textInputs } from '../../support/operations/saq-texts.ts'
import { test } from '../../support/operations/saq-texts-over-http.ts'

// Texts of SAQ from the assistant to what Qualys stores, one input of each tool. The allowed texts, and that each
// input sends them unchanged: test/unit/operations/saq-texts.test.ts.

/** Everything that XML escapes, in one text. */
const text = `${combinedTexts['mark-up']} \t😀 サ e\u0301`

const inputNamed = (name: string) => {
  const input = textInputs[name]
  if (!input) throw new Error(`no input is called ${name}`)
  return input
}

test.for([
  'text of an option',
  'new description of a template',
  'name of a copy from the library',
  'name of a campaign',
  'new name of a campaign',
  'tag',
  'company of a user',
  'title of several',
])('%s: is stored unchanged', (name, { expectKept }) => expectKept(inputNamed(name), text))

const lines = combinedTexts['lines and blanks'] ?? ''

test('the longest text is stored whole, with every kind of line ending', async ({ expectKept }) => {
  await expectKept(inputNamed('text of a question'), `${lines}${longestText(4_000 - lines.length)}`)
})

test('a numeral stays text', ({ expectKept }) => expectKept(inputNamed('name of a campaign'), '007'))

test('a text that XML cannot carry is refused', ({ expectRefused }) =>
  expectRefused(
    inputNamed('name of a template'),
    'a\u001bb',
    /holds control characters, which XML cannot carry; leave them out/,
  ))

// A search text is not stored, but it is sent in a filter.
test.for(['recipientCompany', 'recipientTag'] as const)(
  '%s finds those who have it, and nobody else',
  (input, { expectFound }) => expectFound(input, text),
)

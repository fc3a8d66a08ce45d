import { describe } from 'vitest'
import {
  allowedTexts,
  combinedTexts,
  longestText,
  nonTexts,
  refusedTexts,
  textInputs,
} from '../../support/operations/saq-texts.ts'
import { test } from '../../support/operations/saq-texts-over-http.ts'

// Every text that an assistant may pass, in every input of SAQ: Qualys receives allowed texts, and others are
// refused before.

const inFull = ['name of a template', 'label of a score', 'name of a campaign', 'company', 'tag']

describe.for(Object.entries(textInputs))('%s', ([name, input]) => {
  const taken = inFull.includes(name) ? allowedTexts : combinedTexts
  test.for(Object.entries(taken))('%s: arrives unchanged', ([, text], { expectKept }) =>
    expectKept(input, text),
  )

  test('the longest text: arrives whole', ({ expectKept }) => expectKept(input, longestText(input.maxLength)))

  test.for(Object.entries(refusedTexts))('%s: is refused', ([, [text, says]], { expectRefused }) =>
    expectRefused(input, text, says),
  )

  test('one character too many: is refused', ({ expectRefused }) =>
    expectRefused(
      input,
      'x'.repeat(input.maxLength + 1),
      new RegExp(`must be at most ${input.maxLength.toLocaleString('en')} characters`),
    ))

  test.for(nonTexts.map((value) => [JSON.stringify(value), value] as const))(
    '%s: is no text',
    ([, value], { expectRefused }) => expectRefused(input, value, /must be text|must be a list/),
  )
})

describe.for(['recipientCompany', 'recipientTag'] as const)('%s', (input) => {
  test.for(Object.entries(allowedTexts))(
    '%s: finds those who have it, and nobody else',
    ([, part], { expectFound }) => expectFound(input, part),
  )
})

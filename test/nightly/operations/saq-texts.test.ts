import { describe } from 'vitest'
import {
  allowedTexts,
  combinedTexts,
  longest,
  noTexts,
  refusedTexts,
  textInputs,
} from '../../support/operations/saq-texts.ts'
import { test } from '../../support/operations/saq-texts-over-http.ts'

// Every text that an assistant may pass, into every input of SAQ: what is allowed is what Qualys gets, and what is not is
// refused before.

const inFull = ['name of a template', 'label of a score', 'name of a campaign', 'company', 'tag']

describe.for(Object.entries(textInputs))('%s', ([name, input]) => {
  const taken = inFull.includes(name) ? allowedTexts : combinedTexts
  test.for(Object.entries(taken))('%s: arrives as it is', ([, text], { expectKept }) =>
    expectKept(input, text),
  )

  test('the longest: arrives whole', ({ expectKept }) => expectKept(input, longest(input.most)))

  test.for(Object.entries(refusedTexts))('%s: is refused', ([, [text, says]], { expectRefused }) =>
    expectRefused(input, text, says),
  )

  test('one character too many: is refused', ({ expectRefused }) =>
    expectRefused(
      input,
      'x'.repeat(input.most + 1),
      new RegExp(`must be at most ${input.most.toLocaleString('en')} characters`),
    ))

  test.for(noTexts.map((value) => [JSON.stringify(value), value] as const))(
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

import { describe, expect } from 'vitest'
import { findCall } from '../../../../src/tools/effects/approval/pending/pending-calls.ts'
import { SeededRandom } from '../../../nightly/fuzz/seeded-random.ts'
import { decideWithKey, keyForm, openByLink, postJson } from '../../../support/approvals/local-person.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import { askFor, sentWith } from '../../../support/forged/attacks.ts'
import { attempt, type Fields, openPlace, tryThenApprove } from '../../../support/forged/page-attempts.ts'
import { postForm } from '../../../support/page/local.ts'

// Posts to the approval page of this machine that are no decision of the person who has its key.

const changedIn = (text: string, random: SeededRandom): string => {
  const at = random.below(text.length - 1)
  return `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`
}

describe('a post to the page', () => {
  test('with the link alone, or with a key that is not the one of this page: 0 requests', async ({
    sandbox,
  }) => {
    const place = await openPlace(sandbox, 'by the link')
    const other = await openPlace(sandbox, 'of another process')
    const { link, form, target, server } = place
    const { token } = form
    const byLink = (await openByLink(server, target.code)).fields['token'] ?? ''
    const random = new SeededRandom(29)
    const post = (fields: Fields, address = link) => postForm(address, { decision: 'approve', ...fields })
    const keys = [
      '',
      'key',
      'null',
      form.key.slice(1),
      `${form.key}A`,
      form.key.toLowerCase(),
      other.form.key,
    ]
    const attempts = [
      attempt(place, 'nothing', () => post({}), 403),
      attempt(place, 'the token of the link', () => post({ token: byLink }), 403),
      attempt(place, 'the token of the key', () => post({ token }), 403),
      attempt(place, 'the key as the token', () => post({ token: form.key }), 403),
      attempt(place, 'a decline', () => post({ token: byLink, decision: 'decline' }), 403),
      attempt(place, 'the code as the key', () => post({ token, key: target.code }), 403),
      attempt(place, 'no decision', () => postForm(link, { token: byLink }), 200),
      ...keys.map((key) => attempt(place, `the key ${key}`, () => post({ token, key }), 403)),
      ...random
        .times(12, () => changedIn(form.key, random))
        .map((key) => attempt(place, `the key ${key}`, () => post({ token, key }), 403)),
      attempt(place, 'the key in the address', () => post({ token }, `${link}?key=${form.key}`), 403),
      attempt(
        place,
        'the link token and the key in the address',
        () => post({ token: byLink }, `${link}?key=${form.key}`),
        403,
      ),
      attempt(
        place,
        'all in the address',
        () => postForm(`${link}?${new URLSearchParams(place.yes)}`, {}),
        200,
      ),
      attempt(
        place,
        'the key in a cookie',
        () => postForm(link, { token, decision: 'approve' }, { cookie: `key=${form.key}` }),
        403,
      ),
      attempt(
        place,
        'the key as a bearer',
        () => postForm(link, { token, decision: 'approve' }, { authorization: `Bearer ${form.key}` }),
        403,
      ),
      attempt(
        place,
        'a signature of nobody',
        () => postJson(`${link}/passkey`, { token: byLink, assertion: {} }),
        403,
      ),
      attempt(place, 'no signature, and the key', () => postJson(`${link}/passkey`, { ...form }), 403),
      attempt(place, 'a decision to the passkey', () => postJson(`${link}/passkey`, place.yes), 403),
    ]
    expect(await tryThenApprove(sandbox, place, attempts)).toBe(attempts.length)
    expect(attempts.length).toBeGreaterThan(30)
    expect(findCall(other.server.stateDir, other.target.code)?.state).toBe('pending')
  })

  test('with the form of another page: 0 requests', async ({ sandbox }) => {
    const place = await openPlace(sandbox, 'with its form')
    const { link, form, server, target } = place
    const other = await askFor(server, 'with another form')
    const used = await askFor(server, 'with a used form')
    const forms = [await keyForm(server, other.code), await keyForm(server, used.code)]
    const [ofOther = '', ofUsed = ''] = forms.map(({ fields }) => fields['token'])
    await decideWithKey(server, used.code)
    expect((await used.callAgain()).isError).toBe(false)
    const byLink = (await openByLink(server, target.code)).fields['token'] ?? ''
    const [until = '', mac = ''] = form.token.split('.')
    const ofProcess = (await openPlace(sandbox, 'with its form')).form.token
    const random = new SeededRandom(30)
    const tokens = [
      '',
      'token',
      '.',
      until,
      mac,
      `${until}.`,
      `.${mac}`,
      `${Number(until) + 1}.${mac}`,
      `0${until}.${mac}`,
      `${until}.${mac}=`,
      `${until}.${'A'.repeat(43)}`,
      ` ${form.token}`,
      `${form.token} `,
      ofOther,
      ofUsed,
      ofProcess,
      byLink,
      ...random.times(15, () => changedIn(form.token, random)),
    ]
    const attempts = [
      ...tokens.map((token) =>
        attempt(
          place,
          `the token ${token}`,
          () => postForm(link, { ...form, token, decision: 'approve' }),
          403,
        ),
      ),
      ...tokens
        .slice(0, 6)
        .map((token) =>
          attempt(
            place,
            `a decline with ${token}`,
            () => postForm(link, { ...form, token, decision: 'decline' }),
            403,
          ),
        ),
      ...['yes', 'APPROVE', 'approve ', 'approved', '1', ''].map((decision) =>
        attempt(place, `the decision ${decision}`, () => postForm(link, { ...form, decision }), 400),
      ),
    ]
    expect(await tryThenApprove(sandbox, place, attempts)).toBe(44)
    // The yes again, after it was used: it is for this record alone.
    const next = await askFor(server, target.title)
    const answers = [
      await postForm(link, place.yes),
      await postForm(await server.page.linkFor(next.code), place.yes),
    ]
    expect(answers.map(({ status }) => status)).toEqual([409, 403])
    expect((await next.callAgain()).isError).toBe(true)
    expect(await sentWith(sandbox, target.title)).toBe(1)
    expect(findCall(server.stateDir, other.code)?.state).toBe('pending')
  })
})

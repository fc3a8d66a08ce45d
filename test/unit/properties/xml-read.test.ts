import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Body } from '../../../src/session/http/response.ts'
import { XmlBody } from '../../../src/session/products/xml-body.ts'
import { refusalFaults, unclearFaults } from '../../support/effects/saq/saq-faults.ts'
import { checkAsyncProperty } from '../../support/properties/property.ts'
import { success } from '../../support/session/qps-answers.ts'
import { qpsRefusalCases } from '../../support/session/qps-refusal-cases.ts'
import { codes, simples } from '../../support/shapes/saq-refusals.ts'
import { statuses, successes } from '../../support/shapes/saq-statuses.ts'
import { documentBytes } from '../../support/xml/documents.ts'
import { expectSameValue, piecesOf } from '../../support/xml/parse.ts'

// XML that is parsed while it comes gives what parsing it as a whole gave. More documents: test/nightly/properties;
// the answers of the sandbox: test/integration/session/saq/qps-xml.test.ts.

const samples = new URL('../../samples/', import.meta.url)

test.each(readdirSync(samples).filter((name) => name.endsWith('.xml')))('%s, cut anywhere', async (name) => {
  const bytes = readFileSync(new URL(name, samples))
  await expectSameValue([bytes])
  await expectSameValue([...bytes].map((byte) => Buffer.of(byte)))
  for (let at = 0; at < bytes.length; at += 97)
    await expectSameValue([bytes.subarray(0, at), bytes.subarray(at)])
})

/** The other answers of the API server that tests have, refusals and answers of others among them. */
const answers: readonly unknown[] = [
  ...qpsRefusalCases.map(([, , body]) => body),
  ...[...codes, ...simples, ...statuses, ...successes].map(({ body }) => body),
  ...Object.values(unclearFaults).flatMap((faults) => faults.map(({ body }) => body)),
  ...Object.values(refusalFaults).flatMap(({ faults }) => faults.map(({ body }) => body)),
]

test('every answer in XML of other tests, cut anywhere', async () => {
  const documents = [...new Set(answers)].filter((body) => typeof body === 'string' && body.startsWith('<'))
  expect(documents.length).toBeGreaterThan(60)
  for (const document of documents) {
    const bytes = Buffer.from(String(document))
    await expectSameValue([bytes])
    for (let at = 1; at < bytes.length; at += 13)
      await expectSameValue([bytes.subarray(0, at), bytes.subarray(at)])
  }
})

test('a small document, in two pieces cut at every byte', async () => {
  const bytes = Buffer.from(
    success('<data><Tag><name>é €😀 &amp; &eacute; <![CDATA[a]]b]]></name></Tag></data>'),
  )
  const long = Buffer.concat([Buffer.from(`<!--${' '.repeat(1_000)}-->`), bytes])
  for (const whole of [bytes, long])
    for (let at = 0; at <= whole.length; at++)
      await expectSameValue([whole.subarray(0, at), whole.subarray(at)])
})

test('any document, in any pieces', async () => {
  const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 })
  await checkAsyncProperty(fc.tuple(documentBytes, places), 500, async ([bytes, cuts]) =>
    expectSameValue(piecesOf(bytes, cuts)),
  )
})

test('a document that stops before its end is no value, wherever it stops', async () => {
  const head = Buffer.from('<?xml version="1.0"?><!DOCTYPE a SYSTEM "b">')
  const whole = Buffer.concat([head, Buffer.from('<a b="1">é &amp; <![CDATA[c]]><!-- d --><e/> f</a>')])
  for (let at = 1; at < whole.length; at++) {
    const cut = whole.subarray(0, at)
    const body = new XmlBody()
    await body.write(cut)
    await expect(body.end(new Body([cut])), cut.toString()).rejects.toMatchObject({
      kind: 'vendor',
      message: expect.stringContaining('stops in the middle'),
    })
  }
})

test.each(['OK', '', 'a > b', '<a></b>', '<html><body>Log in', '<!DOCTYPE a [<!ENTITY b "c">]><a/>'])(
  '%s is no document that stops early',
  async (text) => {
    const body = new XmlBody()
    await body.write(Buffer.from(text))
    expect(await body.end(new Body([Buffer.from(text)]))).toBeUndefined()
  },
)

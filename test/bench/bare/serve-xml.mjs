import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

// A server of questionnaires in XML, with the fields of Qualys' samples, in a process of its own. Argument: the number
// of rows. Prints its address as a line of JSON.

const count = Number(process.argv[2] ?? 10_000)

const questionnaire = (id) => `
    <Questionnaire>
      <id>${id}</id>
      <title><![CDATA[Vendor risk ${id % 12} - person.${id}@vendor${id % 90}.example]]></title>
      <state>${['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED'][id % 4]}</state>
      <risk>${['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH'][id % 4]}</risk>
      <dueDate>2026-12-${String((id % 28) + 1).padStart(2, '0')}T00:00:00Z</dueDate>
      <created>2026-11-01T08:00:00Z</created>
      <updated>2026-11-02T08:00:00Z</updated>
      <comment>Answers of suppliers &amp; partners for the yearly review of controls</comment>
      <campaign>
        <id>${id % 12}</id>
        <name>Vendor risk ${id % 12}</name>
      </campaign>
      <user>
        <id>${id % 900}</id>
        <firstName>Person</firstName>
        <lastName>Number ${id % 900}</lastName>
      </user>
      <tags>
        <list>
          <TagSimple><id>${id % 7}</id><name>Tag ${id % 7}</name></TagSimple>
          <TagSimple><id>9</id><name>All vendors</name></TagSimple>
        </list>
      </tags>
    </Questionnaire>`

const page = (from, limit) => {
  const ids = Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, at) => from + at + 1)
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<ServiceResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <responseCode>SUCCESS</responseCode>
  <count>${ids.length}</count>
  <hasMoreRecords>${from + ids.length < count}</hasMoreRecords>
  <data>${ids.map(questionnaire).join('')}
  </data>
</ServiceResponse>`)
}

const pages = new Map()
const server = createServer(async (request, response) => {
  const body = await text(request)
  const limit = Number(/<limitResults>(\d+)/.exec(body)?.[1] ?? 100)
  const from = Number(/<startFromOffset>(\d+)/.exec(body)?.[1] ?? 1) - 1
  const key = `${from} ${limit}`
  if (!pages.has(key)) pages.set(key, page(from, limit))
  response.writeHead(200, { 'content-type': 'application/xml' }).end(pages.get(key))
})
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`
  console.log(JSON.stringify({ gatewayUrl: url, apiUrl: url, username: 'nobody', password: 'nothing' }))
})

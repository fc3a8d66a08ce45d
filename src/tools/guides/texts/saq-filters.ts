/** What is known of SAQ's searches (the search and count pages below docs.qualys.com/en/saq/api). */
export const saqFilters = (): string => `# Searches of SAQ

Inputs are flat and named after Qualys' fields; there is no QQL. All that are given must hold. There is no OR, and no NOT but \`withoutTag\`: search twice.

- A list means any of its values: \`{"status":["ACTIVE","COMPLETE"]}\`.
- A text means equal; the input with \`Contains\` behind its name means part of it: \`company\`, \`companyContains\`. Whether capitals count is not documented: take words as they are stored.
- Ids are digits, as number or text, from the searches. Words of states may be written in any case, with blanks.

| of | tools | equal or any of | also with \`Contains\` |
| --- | --- | --- | --- |
| people | \`saq_search_users\`, \`saq_count_users\` | \`id\`, \`uuid\`, \`tagId\`, \`withoutTag\` | \`firstName\`, \`lastName\`, \`company\`, \`title\`, \`emailAddress\`, \`userName\`, \`tagName\` |
| templates | \`saq_search_templates\`, \`saq_search_library_templates\`, \`saq_count_templates\` (own ones) | \`id\`, \`uuid\`, \`familyId\`, \`revision\`, \`questionCnt\`, \`isLibrary\`, \`state\` | \`name\`, \`description\`, \`category\` |
| campaigns | \`saq_search_campaigns\`, \`saq_count_campaigns\` | \`id\`, \`status\`, \`workflowType\` | \`name\` |
| questionnaires | \`saq_search_questionnaires\`, \`saq_count_questionnaires\` | \`id\`, \`campaignId\`, \`state\`, \`risk\`, \`company\`, \`late\` | none |

## Words

- template \`state\`: \`DRAFT\`, \`PUBLISHED\` (campaigns are made from a template; whether it must be a published one is not documented; its revisions share \`familyId\`)
- campaign \`status\`: \`INACTIVE\` (nobody mailed yet), \`ACTIVE\` (launched), \`COMPLETE\`, \`CANCELED\` (questionnaires can only be read)
- \`workflowType\`: \`SIMPLE\` (answer), \`REVIEWABLE\` (and review), \`FULL\` (and approval)
- questionnaire \`state\`: \`INFORMATION_GATHERING\` (recipient's turn), \`REVIEW\` (reviewer's), \`APPROVAL\` (approver's), \`CLOSED\`, \`CANCELED\`, \`INCOMPLETE\` (Qualys does not say whose turn it is)
- \`risk\`: \`VERY_HIGH\`, \`HIGH\`, \`MEDIUM\`, \`LOW\`

## Totals, dates, order

- A search tells no total; the count tool with the same inputs does, in one call, and counts everything without any.
- Qualys takes no date, company or recipient and sorts nothing. This server keeps, row by row like \`match\`: \`late\` (past the due date and still open; false: open and not past it), \`company\` of questionnaires (their recipients'), \`withoutTag\` of people (a name, or \`*\` for any tag).
- Count tools of people, campaigns and questionnaires take \`groupBy\`, \`distinct\`, \`min\`, \`top\`, also for what no row shows: \`recipient\`, \`company\`, \`turn\`, \`overdueDays\`, \`tags.name\`, and \`dueDate\` with \`:month\`. Counting is the way to whole answers: a group for each recipient is a list of them.
- One campaign: \`saq_campaign_status\` counts by state, risk, company and days overdue, and names who is late, with company and e-mail, on with the token: \`saq_campaign_status {"campaignId":"640002"}\`. Without \`campaignId\`: all running ones, the most overdue first, and who is late in several.
- Its people: \`saq_list_recipients {"campaignId":"640002","state":"REVIEW"}\`, with company, e-mail, state and whose turn it is; also by \`company\` and \`late\`, and as a file by \`qualys_export\`.
- \`match\`: plain words in any field of a row, shown or not, such as the name in a questionnaire's title. A call looks through at most 10,000 rows; its first line says how many match and how many are unknown. Each page asks Qualys for batches of 1,000 rows again: take a large \`pageSize\`, and narrow with inputs first.
- Nothing found: an empty list. Qualys may also say INVALID_REQUEST with "no results corresponding to your request", which this server shows as an empty list of a search; any other INVALID_REQUEST is an error. Objects outside the user's scope are invisible: an id may exist although it is not found.

## What no API tells

Answers, comments and attachments; whose questionnaire it is, by id (its title is "campaign - first last", and two people may share a name); vendors as objects (company and tags stand for them); roles, user groups, reports, the history of mails. Nor can a questionnaire be approved, sent back or reassigned: that is done in the Qualys UI.

Changes in bulk take \`ids\` and nothing wider (\`saq_update_users\`, \`saq_delete_users\`, \`saq_update_templates\`): search first.

## Calls that work

- \`saq_search_campaigns {"status":["ACTIVE"],"nameContains":"Vendor"}\`
- \`saq_search_questionnaires {"campaignId":["640002"],"state":["INFORMATION_GATHERING","REVIEW"]}\`
- \`saq_count_questionnaires {"risk":["VERY_HIGH","HIGH"],"groupBy":["company"],"top":50}\`
- Who is late in several campaigns: \`saq_campaign_status {}\`
- \`saq_search_questionnaires {"company":"Acme Holding","late":true}\`
- \`saq_count_users {"withoutTag":"EMEA","groupBy":["company"]}\`
- Which campaigns end when: \`saq_count_campaigns {"status":["ACTIVE"],"groupBy":["dueDate:month","name"]}\`
- \`saq_search_users {"companyContains":"Acme","tagName":"EMEA","fields":["id","emailAddress"]}\`
- \`saq_count_templates {"state":["DRAFT"],"category":"Vendor"}\`
`

import { type RefusedCalls, wholeNumberMessage } from './refused-call.ts'

/** A script that would be created. */
export const validScript = {
  title: 'Disk check',
  typeId: 1,
  subType: 'Detection',
  languageId: 201,
  platform: 'WINDOWS',
  severity: 2,
  content: 'Get-PSDrive',
}
const create = 'car_create_script'
const { content: _content, ...sourceless } = validScript
const { subType: _subType, ...rest } = validScript
/** The same without its subType, which is fixed for some types. */
export const scriptWithoutSubType = rest
const from = (sourceUrl: unknown) => ({ ...sourceless, sourceUrl })
const metadata = { cid: '1234', tech: ['Windows 10'] }
const address = /sourceUrl: must be the https address of a file at GitHub or GitLab, without user name, pass/
const permalink =
  /permalink with a commit hash, which Qualys refuses for GitLab\. Pass the address with the b/
const byNumber = /is no id of a script\. Pass the number that car_search_scripts shows/
const commit = '0123456789abcdef0123456789abcdef01234567'
const edit = { find: 'Get-PSDrive', replace: 'Get-Date' }
const edited = (more: object) => ['car_update_script', { scriptId: 16515, ...more }] as const
export const scripts: RefusedCalls = [
  ['no source', create, sourceless, /has no source\. Pass content, or sourceUrl/],
  [
    'two sources',
    create,
    { ...from('https://github.com/a/b/blob/main/x.ps1'), content: 'x' },
    /Both content a/,
  ],
  [
    'QID fields on a plain script',
    create,
    { ...validScript, qid: { severity: 3 } },
    /qid belongs to a Custom QID only.*Leave it/,
  ],
  [
    'QID fields on a remediation',
    create,
    { ...scriptWithoutSubType, typeId: 3, authorScriptsMetadata: metadata, qid: { severity: 3 } },
    /qid belongs to a Custom QID only, not to a Control ID Remediation\. Leave it out/,
  ],
  [
    'no subType',
    create,
    scriptWithoutSubType,
    /A Custom Script needs a subType\. Pass Detection, or Response/,
  ],
  [
    'a QID that responds',
    create,
    { ...validScript, typeId: 2, subType: 'Response' },
    /is always Detection\. Leave/,
  ],
  [
    'a remediation that detects',
    create,
    { ...validScript, typeId: 3 },
    /is always Response\. Leave subType out/,
  ],
  [
    'a remediation of nothing',
    create,
    { ...scriptWithoutSubType, typeId: 3 },
    /needs authorScriptsMetadata with the cid/,
  ],
  [
    'a plain script with a control',
    create,
    { ...validScript, authorScriptsMetadata: metadata },
    /authorScriptsMetadata belongs to a Control ID Remediation only/,
  ],
  [
    'a control without technologies',
    create,
    { ...scriptWithoutSubType, typeId: 3, authorScriptsMetadata: { cid: '1234', tech: [] } },
    /authorScriptsMetadata\.tech: must name at least one technology/,
  ],
  [
    'technologies that are no list',
    create,
    {
      ...scriptWithoutSubType,
      typeId: 3,
      authorScriptsMetadata: { cid: '1234', tech: 'Windows 10, Windows 11' },
    },
    /\.tech: must be a list such as \["Windows 10"\]; write \["Windows 10","Windows 11"\]$/,
  ],
  [
    'a control without cid',
    create,
    { ...validScript, authorScriptsMetadata: { tech: ['x'] } },
    /\.cid: must be text/,
  ],
  [
    'another platform',
    create,
    { ...validScript, platform: 'LINUX' },
    /201 is a language of WINDOWS, not of LINUX\./,
  ],
  [
    'an unknown type',
    create,
    { ...validScript, typeId: 9 },
    /car_list_script_types shows no id 9.*Pass an id as/,
  ],
  [
    'an unknown language',
    create,
    { ...validScript, languageId: 9 },
    /car_list_script_languages shows no id 9/,
  ],
  [
    'a type that is a name',
    create,
    { ...validScript, typeId: 'Custom Script' },
    /typeId: must be an id from car_li/,
  ],
  ['a platform in short', create, { ...validScript, platform: 'WIN' }, /must be one of WINDOWS, LINUX/],
  [
    'a platform of the prototype',
    create,
    { ...validScript, platform: 'constructor' },
    /must be one of WINDOWS/,
  ],
  ['a severity too high', create, { ...validScript, severity: 6 }, wholeNumberMessage('severity', '5')],
  ['a severity of 0', create, { ...validScript, severity: 0 }, wholeNumberMessage('severity', '5')],
  ['a severity as odd text', create, { ...validScript, severity: '02' }, wholeNumberMessage('severity', '5')],
  ['half a severity', create, { ...validScript, severity: 2.5 }, wholeNumberMessage('severity', '5')],
  [
    'a severity of the QID too high',
    create,
    { ...validScript, typeId: 2, qid: { severity: 6 } },
    wholeNumberMessage('severity', '5'),
  ],
  [
    'a threshold of 0',
    create,
    { ...validScript, thresholdSeconds: 0 },
    wholeNumberMessage('thresholdSeconds', '86,400'),
  ],
  [
    'a threshold beyond 2^53',
    create,
    { ...validScript, thresholdSeconds: 2 ** 60 },
    wholeNumberMessage('Seconds', '86,400'),
  ],
  ['an empty title', create, { ...validScript, title: ' \t' }, /title: must not be empty/],
  [
    'a long title',
    create,
    { ...validScript, title: 'x'.repeat(256) },
    /title: must be at most 255 characters/,
  ],
  ['a title with NUL', create, { ...validScript, title: 'a\0b' }, /title: must be text, not bytes/],
  [
    'half a character',
    create,
    { ...validScript, description: 'a\ud83d' },
    /description: must be text, not bytes/,
  ],
  [
    'no consent but a word',
    create,
    { ...validScript, scriptApprovalUserConsent: 'no' },
    /must be true or false/,
  ],
  ['empty content', create, { ...validScript, content: '' }, /has no source\. Pass content, or sourceUrl/],
  ['blank content', create, { ...validScript, content: ' \r\n\t\ufeff' }, /content: must not be empty/],
  [
    'content with U+FFFF',
    create,
    { ...validScript, content: 'rm\uffff' },
    /content: must be text, not bytes/,
  ],
  ['content with NUL', create, { ...validScript, content: 'MZ\0' }, /content: must be text, not bytes/],
  [
    'content with half a character',
    create,
    { ...validScript, content: 'a\udc00b' },
    /content: must be text, not b/,
  ],
  [
    'content as bytes',
    create,
    { ...validScript, content: [77, 90] },
    /content: must be the source as plain text/,
  ],
  [
    'content above 500 KB',
    create,
    { ...validScript, content: 'x'.repeat(512_001) },
    /larger than the 500 KB that Q/,
  ],
  // 256,001 characters, each of two bytes.
  [
    'content above 500 KB in bytes',
    create,
    { ...validScript, content: 'ü'.repeat(256_001) },
    /larger than the 500 KB/,
  ],
  [
    'a branch of nothing',
    create,
    { ...validScript, branch: 'main' },
    /branch says something about a repository\. Pa/,
  ],
  [
    'sync of nothing',
    create,
    { ...validScript, sync: false },
    /sync says something about a repository\. Pass sourc/,
  ],
  [
    'a token for nothing',
    create,
    { ...validScript, repositoryToken: 'db-password' },
    /repositoryToken says something about a repository\. Pass sourceUrl as well, or leave it out/,
  ],
  ...[
    'http://github.com/a/b/blob/main/x.ps1',
    'ftp://github.com/a/b/blob/main/x.ps1',
    'file:///a/b/x.ps1',
    'github.com/a/b/blob/main/x.ps1',
    'https://github.com',
    'https://someone:pass@github.com/a/b/blob/main/x.ps1',
    'https://someone@github.com/a/b/blob/main/x.ps1',
    'https://github.com/a/b/blob/main/x.ps1?token=abc',
    'https://github.com/a/b/blob/main/x.ps1#L3',
    'https://gitlab.com/a/b/-/blob/main/x.ps1?ref_type=tags',
    'https://gitlab.com/a/b/-/blob/main/x.ps1?ref_type=heads&x=1',
    ' https://github.com/a/b/blob/main/x.ps1',
    'https://github.com/a/b/blob/main/x y.ps1',
    'https://github.com/a/b/blob/main/x.ps1\n',
    'https:\\\\github.com\\a\\b',
    ' ',
  ].map((url) => [`the address "${url}"`, create, from(url), address] as const),
  ['an invalid address', create, from([7]), /sourceUrl: must be an https address of a file/],
  [
    'an address without end',
    create,
    from(`https://github.com/${'x'.repeat(2_000)}`),
    /at most 2,000 characters/,
  ],
  [
    'neither GitHub nor GitLab',
    create,
    from('https://a.example.com/x.ps1'),
    /neither a file at GitHub .*Pass su/,
  ],
  ['a permalink', create, from(`https://gitlab.com/a/b/-/blob/${commit}/x.ps1`), permalink],
  ['a short permalink', create, from(`https://gitlab.com/a/b/-/blob/${commit.slice(0, 8)}/x.ps1`), permalink],
  ['a raw permalink', create, from(`https://gitlab.com/a/b/-/raw/${commit}/x.ps1`), permalink],
  ['an older permalink', create, from(`https://gitlab.com/a/b/blob/${commit}/x.ps1`), permalink],
  ['a permalink elsewhere', create, from(`https://git.example.com/a/b/-/blob/${commit}/x.ps1`), permalink],
  [
    'nothing to update',
    'car_update_script',
    { scriptId: 16515 },
    /Nothing is to change\. Pass the fields with/,
  ],
  [
    'new content without a comment',
    'car_update_script',
    { scriptId: 16515, content: 'Get-PSDrive' },
    /needs a comment that says why it changes\. Pass comment/,
  ],
  [
    'an update from a permalink',
    'car_update_script',
    { scriptId: 16515, sourceUrl: `https://gitlab.com/a/b/-/blob/${commit}/x.ps1`, comment: 'why' },
    permalink,
  ],
  [
    'an update of no script',
    'car_update_script',
    { scriptId: 7, title: 'x' },
    /Qualys knows no such id \(404/,
  ],
  [
    'a script up the tree',
    'car_update_script',
    { scriptId: '../7', title: 'x' },
    /must be an id from car_search_sc/,
  ],
  ['edits without a comment', ...edited({ edits: [edit] }), /New content needs a comment.*Pass comment/],
  [
    'edits beside content',
    ...edited({ edits: [edit], content: 'x', comment: 'x' }),
    /edits change the stored content, and content or sourceUrl replaces it\. Pass one of them/,
  ],
  [
    'edits beside a repository',
    ...edited({ edits: [edit], sourceUrl: 'https://github.com/a/b/blob/main/x.ps1', comment: 'x' }),
    /edits change the stored content, and content or sourceUrl replaces it\. Pass one of them/,
  ],
  [
    'an edit that changes nothing',
    ...edited({ edits: [edit, { find: 'a', replace: 'a' }], comment: 'x' }),
    /Edit 2 replaces a text by itself\. Pass the new text as its replace, or leave the edit out/,
  ],
  [
    'an edit without its replace',
    ...edited({ edits: [{ find: 'a' }], comment: 'x' }),
    /edits\.0\.replace: must be text; it is missing/,
  ],
  ['no edits', ...edited({ edits: [], comment: 'x' }), /edits: is empty, and cannot be emptied here/],
  ['a script of the prototype', 'car_update_script', { scriptId: '__proto__', title: 'x' }, byNumber],
  // Qualys would take the title as a selection of scripts (clone_scripts.htm), which no limit on ids would count.
  ['a clone by title', 'car_clone_script', { scriptId: 'Auto_script_22062022_074300047' }, byNumber],
  ['a clone of no script', 'car_clone_script', { scriptId: 7 }, /Qualys knows no such id \(404/],
  ['a clone without a name', 'car_clone_script', { scriptId: 16515, title: ' ' }, /must not be empty/],
]

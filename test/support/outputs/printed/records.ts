import { end, type FleetOutput, lines } from '../fleet-output.ts'

// Records: nested JSON, lines of JSON with optional fields, YAML, XML on one line, key=value, certificates.

const json = (value: unknown): string => JSON.stringify(value)

export const records: readonly FleetOutput[] = [
  {
    name: 'nested JSON',
    language: 'English',
    output: (draw, host) =>
      json({
        agent: {
          id: draw.guid(),
          version: '4.2.0',
          host: { name: host, os: { family: 'linux', kernel: '5.14.0-503.el9' } },
        },
        scan: { started: `${draw.iso()}Z`, seconds: draw.between(10, 9_000), findings: { high: 0, low: 3 } },
      }),
    odd: [
      { replace: '"high":0', by: '"high":2', shows: /(?<![\d.])2(?![\d.])/ },
      { replace: '"5.14.0-503.el9"', by: 'null', shows: 'null' },
      { replace: '"version":"4.2.0"', by: '"version":"3.9.1"', shows: '3.9.1', usual: '4.2.0' },
    ],
  },
  {
    name: 'JSON with lists of values',
    language: 'English',
    output: (draw) =>
      json({
        time: draw.between(1_700_000_000, 1_800_000_000),
        admins: ['root', 'deploy'],
        ports: [22, 443],
        load: [draw.next(), draw.next()],
      }),
    odd: [
      { replace: '["root","deploy"]', by: '["root","deploy","eve"]', shows: 'eve' },
      { replace: '[22,443]', by: '[22,443,4444]', shows: '4444' },
      { replace: '["root","deploy"]', by: '[]', shows: '[]' },
    ],
  },
  {
    name: 'lines of JSON with optional fields',
    language: 'English',
    output: (draw) =>
      lines(
        ...['disk', 'login', 'patch', 'time'].map((check) =>
          json({
            at: `${draw.iso()}Z`,
            check,
            result: 'pass',
            ...(draw.next() < 0.5 && { ms: draw.between(1, 9_000) }),
            ...(draw.next() < 0.3 && { node: draw.address() }),
          }),
        ),
      ),
    odd: [{ replace: /("check":"patch","result":)"pass"/, by: '$1"fail"', shows: 'fail' }],
  },
  {
    name: 'JSON whose list has another length on each host',
    language: 'English',
    output: (draw) =>
      json({
        secure: true,
        disks: draw.times(draw.between(1, 5), (at = 0) => ({
          name: `sd${'abcde'[at]}`,
          size: draw.between(100, 9_000),
        })),
      }),
    odd: [{ replace: '"secure":true', by: '"secure":false', shows: 'false', usual: 'true' }],
  },
  {
    name: 'JSON with keys like those of prototypes',
    language: 'English',
    output: (draw) =>
      `{"__proto__":"clean","constructor":"ok","toString":"ok","run":${draw.between(1_000, 99_999)}}`,
    odd: [
      { replace: '"__proto__":"clean"', by: '"__proto__":"polluted"', shows: 'polluted', usual: 'clean' },
      { replace: '"constructor":"ok"', by: '"constructor":"bad"', shows: 'bad' },
    ],
  },
  {
    name: 'JSON after a line of text',
    language: 'English',
    output: (draw) =>
      lines(
        `Collected at ${draw.iso()}`,
        json({ bitlocker: 'on', tpm: true, took: draw.between(10, 9_000) }),
        'done',
      ),
    odd: [{ replace: '"tpm":true', by: '"tpm":false', shows: 'false', usual: 'true' }],
  },
  {
    name: 'JSON of many lines after a line of text',
    language: 'English',
    output: (draw) =>
      lines(
        'Result:',
        JSON.stringify({ firewall: 'on', updates: draw.between(100, 9_000), reboot: 'no' }, undefined, 2),
      ),
    odd: [{ replace: '"reboot": "no"', by: '"reboot": "yes"', shows: 'yes', usual: 'no' }],
  },
  {
    name: 'XML on one line',
    language: 'English',
    output: (draw, host) =>
      `<?xml version="1.0"?><report host="${host}" run="${draw.guid()}"><rule id="1">pass</rule><rule id="2">pass</rule><took>${draw.between(100, 90_000)}</took></report>`,
    odd: [
      { replace: '<rule id="2">pass', by: '<rule id="2">fail', shows: 'fail' },
      { replace: /<took>.*<\/took>/, by: '<error>no access</error>', shows: 'no access' },
    ],
  },
  {
    name: 'plist',
    language: 'English',
    output: (draw) =>
      lines(
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<plist version="1.0"><dict>',
        '  <key>AutomaticCheckEnabled</key>',
        '  <true/>',
        '  <key>AutomaticDownload</key>',
        '  <true/>',
        '  <key>LastSuccessfulDate</key>',
        `  <date>${draw.iso()}Z</date>`,
        '</dict></plist>',
      ),
    odd: [{ replace: /(AutomaticDownload<\/key>\n {2})<true\/>/, by: '$1<false/>', shows: 'false' }],
  },
  {
    name: 'YAML with nested lists',
    language: 'English',
    output: (draw) =>
      lines(
        'users:',
        '  - name: root',
        '    groups: [root]',
        '  - name: deploy',
        '    groups: [deploy, docker]',
        `generated: ${draw.iso()}Z`,
        `took: ${draw.decimal(0, 9, 3)}s`,
      ),
    odd: [
      { replace: '[deploy, docker]', by: '[deploy, docker, wheel]', shows: 'wheel' },
      { replace: '  - name: deploy\n    groups: [deploy, docker]\n', by: '', usual: 'deploy' },
    ],
  },
  {
    name: 'key=value',
    language: 'English',
    output: (draw) =>
      lines(
        'PERMIT_ROOT=no',
        'MAX_TRIES=3',
        `SALT=${draw.hex(16)}`,
        `STAMP=${draw.between(1_700_000_000, 1_800_000_000)}`,
        'BANNER=/etc/issue.net',
      ),
    odd: [
      {
        replace: 'MAX_TRIES=3',
        by: 'MAX_TRIES=6',
        shows: /(?<![\d.])6(?![\d.])/,
      },
      { replace: 'BANNER=/etc/issue.net', by: 'BANNER=', usual: '/etc/issue.net' },
      { replace: 'PERMIT_ROOT=no', by: '#PERMIT_ROOT=no', shows: '#PERMIT_ROOT' },
    ],
  },
  {
    name: '/etc/os-release',
    language: 'English',
    output: (draw) =>
      lines('NAME="Rocky Linux"', 'VERSION="9.5 (Blue Onyx)"', 'ID="rocky"', `MACHINE_ID=${draw.hex(32)}`),
    odd: [
      {
        replace: '"9.5 (Blue Onyx)"',
        by: '"8.10 (Green Obsidian)"',
        shows: 'Green Obsidian',
        usual: 'Blue Onyx',
      },
      { replace: 'ID="rocky"', by: 'ID="rhel"', shows: 'rhel', usual: 'rocky' },
    ],
  },
  {
    name: 'openssl x509 -text',
    language: 'English',
    output: (draw, host) =>
      lines(
        'Certificate:',
        '    Data:',
        '        Version: 3 (0x2)',
        `        Serial Number: ${draw.mac()}`,
        '        Signature Algorithm: sha256WithRSAEncryption',
        '        Issuer: C=DE, O=Example, CN=Example Issuing CA 2',
        '        Validity',
        `            Not After : ${draw.of(['Jan', 'Feb', 'Mar'])} ${draw.between(10, 28)} ${draw.time()} 2027 GMT`,
        `        Subject: CN=${host}`,
        '                Public-Key: (2048 bit)',
      ),
    odd: [
      {
        replace: 'sha256With',
        by: 'sha1With',
        shows: 'sha1WithRSAEncryption',
        usual: 'sha256WithRSAEncryption',
      },
      { replace: '(2048 bit)', by: '(1024 bit)', shows: '1024', usual: '2048' },
      { replace: /Not After : (.*) 2027/, by: 'Not After : $1 2019', shows: '2019' },
    ],
  },
  {
    name: 'a certificate in base64',
    language: 'English',
    output: (draw) =>
      lines(
        '-----BEGIN CERTIFICATE-----',
        ...draw.times(6, () =>
          draw
            .times(64, () => draw.of([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/']))
            .join(''),
        ),
        '-----END CERTIFICATE-----',
        'verify: OK',
      ),
    odd: [{ replace: 'verify: OK', by: 'verify: self-signed certificate', shows: 'self-signed' }],
  },
  {
    name: 'INI with comments',
    language: 'English',
    output: (draw) =>
      lines(
        `# generated ${draw.iso()} by cfg ${draw.hex(7)}`,
        '[main]',
        'gpgcheck=1',
        'installonly_limit=3',
        'clean_requirements=True',
      ),
    odd: [
      {
        replace: 'gpgcheck=1',
        by: 'gpgcheck=0',
        shows: /(?<![\d.])0(?![\d.])/,
      },
      { replace: end, by: '\nproxy=http://10.9.9.9:3128', shows: '10.9.9.9' },
    ],
  },
]

import { crlfLines, type FleetOutput, lines } from '../fleet-output.ts'

// What scripts print for programs.

const checks = ['disk', 'firewall', 'patches']

export const formats: readonly FleetOutput[] = [
  {
    name: 'a line of JSON',
    language: 'English',
    output: (draw, host) =>
      JSON.stringify({
        host,
        ts: draw.between(1_700_000_000, 1_800_000_000),
        uptime_s: draw.between(1_000, 9_000_000),
        pid: draw.pid(),
        compliant: true,
      }),
    odd: [
      { replace: 'true', by: 'false', shows: 'false', usual: 'true' },
      { replace: /"pid":\d+/, by: '"pid":null', shows: 'null' },
      { replace: /"uptime_s":\d+/, by: '"uptime_s":-1', shows: '-1' },
      { replace: /,"compliant":true/, by: '', usual: 'true' },
    ],
  },
  {
    name: 'JSON of many lines',
    language: 'English',
    output: (draw, host) =>
      JSON.stringify(
        {
          host: { name: host, addresses: draw.times(draw.between(1, 3), () => draw.address()) },
          collected: `${draw.iso()}Z`,
          disks: [{ path: '/', free: draw.between(1e9, 9e11), encrypted: true, tags: [] }],
          policy: { version: '4.2', profile: 'server', rules: 118 },
        },
        undefined,
        2,
      ),
    odd: [
      { replace: '"encrypted": true', by: '"encrypted": false', shows: 'false' },
      { replace: '"rules": 118', by: '"rules": 117', shows: '117', usual: '118' },
      { replace: '"version": "4.2"', by: '"version": "4.1"', shows: '4.1', usual: '4.2' },
    ],
  },
  {
    name: 'lines of JSON',
    language: 'English',
    output: (draw) =>
      lines(
        ...draw.shuffled(checks).map((check) =>
          JSON.stringify({
            time: `${draw.iso()}Z`,
            check,
            status: 'compliant',
            ms: draw.between(1, 9_000),
          }),
        ),
      ),
    odd: [
      {
        replace: /("check":"firewall","status":)"compliant"/,
        by: '$1"non_compliant"',
        shows: 'non_compliant',
      },
    ],
  },
  {
    name: 'CSV',
    language: 'English',
    output: (draw) =>
      crlfLines(
        'check,result,checked_at,milliseconds',
        ...checks.map((check) => `${check},pass,${draw.iso()},${draw.between(1, 90_000)}`),
      ),
    odd: [
      { replace: 'patches,pass', by: 'patches,fail', shows: 'fail' },
      { replace: /(disk,pass,.*),\d+/, by: '$1,-1', shows: '-1' },
      { replace: /(disk,pass,.*),\d+/, by: '$1,' },
    ],
  },
  {
    name: 'CSV in German',
    language: 'German',
    output: (draw) => {
      const [year, month, day] = draw.dateParts()
      return crlfLines(
        'Laufwerk;Größe;Frei;Status;Geprüft',
        `C:;237,9 GB;${draw.decimal(1, 200).replace('.', ',')} GB;In Ordnung;${day}.${month}.${year}`,
        `D:;931,5 GB;${draw.decimal(1, 900).replace('.', ',')} GB;In Ordnung;${day}.${month}.${year}`,
      )
    },
    odd: [{ replace: /(D:.*)In Ordnung/, by: '$1Fehlerhaft', shows: 'Fehlerhaft' }],
  },
  {
    name: 'XML',
    language: 'English',
    output: (draw, host) =>
      lines(
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<report host="${host}" id="${draw.guid()}" created="${draw.iso()}Z">`,
        `  <check name="disk" free="${draw.between(1_000, 900_000)}">ok</check>`,
        '  <check name="firewall" profile="domain">ok</check>',
        `  <elapsed unit="ms">${draw.between(1, 90_000)}</elapsed>`,
        '</report>',
      ),
    odd: [
      { replace: 'profile="domain">ok', by: 'profile="domain">disabled', shows: 'disabled' },
      { replace: 'profile="domain"', by: 'profile="public"', shows: 'public', usual: 'domain' },
    ],
  },
  {
    name: 'YAML',
    language: 'English',
    output: (draw, host) =>
      lines(
        '---',
        `host: ${host}`,
        `run: ${draw.guid()}`,
        'checks:',
        ...checks.flatMap((check) => [
          `  - name: ${check}`,
          '    state: ok',
          `    took: ${draw.decimal(0, 9, 3)}`,
        ]),
        'restart: false',
      ),
    odd: [
      { replace: 'restart: false', by: 'restart: true', shows: 'true', usual: 'false' },
      { replace: /(firewall\n.*state: )ok/, by: '$1off', shows: 'off' },
    ],
  },
  {
    name: 'headings with a verdict each',
    language: 'English',
    output: (draw) =>
      lines(
        `${'='.repeat(draw.between(10, 60))}`,
        'Disk encryption',
        'ok',
        '-'.repeat(draw.between(10, 60)),
        'Screen lock',
        'failed',
        '-'.repeat(draw.between(10, 60)),
        'Local firewall',
        'ok',
        `${draw.between(100, 9_999)} ms`,
      ),
    odd: [
      // The same lines, but the verdicts belong to the other headings.
      { replace: /(Disk encryption\n)ok([\s\S]*lock\n)failed/, by: '$1failed$2ok' },
      { replace: /(Local firewall\n)ok/, by: '$1skipped', shows: 'skipped' },
    ],
  },
  {
    name: 'a report in Japanese',
    language: 'Japanese',
    output: (draw, host) =>
      lines(
        `ホスト名：${host}`,
        `実行日時：${draw.iso().replace('T', ' ')}`,
        'ウイルス対策：有効',
        'ファイアウォール：有効',
        `空き容量：${draw.decimal(1, 400)} GB`,
        `検査時間：${draw.between(1, 900)}秒`,
      ),
    odd: [
      { replace: 'ファイアウォール：有効', by: 'ファイアウォール：無効', shows: '無効' },
      { replace: /空き容量：.*/, by: '空き容量：0 GB', shows: /(?<![\d.])0(?![\d.])/ },
    ],
  },
  {
    name: 'a report in Chinese',
    language: 'Chinese',
    output: (draw) =>
      lines(
        `检查时间：${draw
          .dateParts()
          .slice(0, 3)
          .join('年')
          .replace(/年(\d\d)年/, '年$1月')}日`,
        `补丁数量：${draw.between(100, 9_999)}个`,
        '防病毒软件：已启用',
        '系统版本：10.0.19045',
      ),
    odd: [
      { replace: '已启用', by: '已停用', shows: '已停用', usual: '已启用' },
      { replace: '10.0.19045', by: '10.0.18363', shows: '10.0.18363', usual: '10.0.19045' },
      { replace: /补丁数量：\d+/, by: '补丁数量：0', shows: /(?<![\d.])0(?![\d.])/ },
    ],
  },
  {
    name: 'softwareupdate -l',
    language: 'English',
    output: (draw) =>
      lines(
        'Software Update Tool',
        '',
        'Finding available software',
        'Software Update found the following new or updated software:',
        '* Label: macOS Sequoia 15.1.1-24B91',
        `\tTitle: macOS Sequoia 15.1.1, Version: 15.1.1, Size: ${draw.between(1_500_000, 9_900_000)}KiB, Recommended: YES, Action: restart,`,
      ),
    odd: [
      {
        replace: /Software Update found[\s\S]*/,
        by: 'No new software available.',
        shows: 'No new software available',
      },
    ],
  },
  {
    name: 'sw_vers',
    language: 'English',
    output: (draw) =>
      lines(
        'ProductName:\t\tmacOS',
        'ProductVersion:\t\t15.1.1',
        'BuildVersion:\t\t24B91',
        `IOPlatformUUID:\t\t${draw.guid().toUpperCase()}`,
        `SerialNumber:\t\tC02${draw.hex(9).toUpperCase()}`,
      ),
    odd: [{ replace: '15.1.1', by: '13.7.1', shows: '13.7.1', usual: '15.1.1' }],
  },
]

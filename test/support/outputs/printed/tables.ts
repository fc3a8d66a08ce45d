import { columnLines, crlfLines, end, type FleetOutput, lines, underlinedLines } from '../fleet-output.ts'

// Tables: with empty cells, wrapped cells, tabs, frames and numbers below each other.

export const tables: readonly FleetOutput[] = [
  {
    name: 'Get-LocalUser | Format-Table',
    language: 'English',
    output: (draw) =>
      crlfLines(
        '',
        ...underlinedLines(
          ['Name', 'Enabled', 'LastLogon', 'Description'],
          [
            ['Administrator', 'False', '', 'Built-in account'],
            ['Guest', 'False', '', 'Built-in account'],
            [
              'svc-backup',
              'True',
              `${draw.between(1, 12)}/${draw.between(1, 28)}/2026 ${draw.between(1, 12)}:${draw.between(10, 59)}:10 AM`,
              '',
            ],
          ],
        ),
        '',
      ),
    odd: [
      { replace: /(Guest +)False/, by: '$1True ', shows: /True/ },
      { replace: /$/, by: 'helpdesk$      True    11/20/2026 7:12:10 AM\r\n', shows: 'helpdesk' },
    ],
  },
  {
    name: 'lsof -i',
    language: 'English',
    output: (draw) =>
      lines(
        ...columnLines(
          [
            ['COMMAND', 'PID', 'USER', 'FD', 'TYPE', 'DEVICE', 'SIZE/OFF', 'NODE', 'NAME'],
            [
              'sshd',
              draw.pid(),
              'root',
              '3u',
              'IPv4',
              draw.between(10_000, 99_999),
              '0t0',
              'TCP',
              '*:22 (LISTEN)',
            ],
            [
              'nginx',
              draw.pid(),
              'root',
              '6u',
              'IPv4',
              draw.between(10_000, 99_999),
              '0t0',
              'TCP',
              '*:443 (LISTEN)',
            ],
          ],
          1,
          [1, 5],
        ),
      ),
    odd: [
      { replace: /(nginx.*) root /, by: '$1 www  ', shows: 'www' },
      { replace: '*:443', by: '*:8443', shows: '8443', usual: /(?<!\d)443/ },
    ],
  },
  {
    name: 'top -b',
    language: 'English',
    output: (draw) =>
      lines(
        `top - ${draw.time()} up ${draw.between(2, 300)} days, ${draw.clock()},  1 user,  load average: ${draw.decimal(0, 9, 2)}, ${draw.decimal(0, 9, 2)}, ${draw.decimal(0, 9, 2)}`,
        `Tasks: ${draw.between(100, 400)} total,   1 running, ${draw.between(99, 399)} sleeping,   0 stopped,   0 zombie`,
        `%Cpu(s): ${draw.decimal(0, 30)} us, ${draw.decimal(0, 9)} sy,  0.0 ni, ${draw.decimal(60, 99)} id`,
        `MiB Mem : ${draw.decimal(4_000, 64_000)} total, ${draw.decimal(100, 3_000)} free`,
      ),
    odd: [
      { replace: '0 zombie', by: '1777 zombie', shows: '1777' },
      { replace: '0 stopped', by: '3 stopped', shows: /(?<![\d.])3(?![\d.])/ },
    ],
  },
  {
    name: 'a table with tabs',
    language: 'English',
    output: (draw) =>
      lines(
        'check\tresult\tduration\tcomment',
        `partition /tmp\tpass\t${draw.between(1, 900)}\t`,
        `partition /var\tpass\t${draw.between(1, 900)}\t`,
        `noexec /dev/shm\tfail\t${draw.between(1, 900)}\twaived`,
      ),
    odd: [
      { replace: /(\/var\t)pass/, by: '$1FAIL', shows: 'FAIL' },
      { replace: '\twaived', by: '\texpired', shows: 'expired', usual: 'waived' },
    ],
  },
  {
    name: 'a table of MySQL',
    language: 'English',
    output: (draw) => {
      const rows = [
        ['Variable_name', 'Value'],
        ['Uptime', draw.between(1_000, 9_000_000)],
        ['have_ssl', 'YES'],
        ['Threads_connected', draw.between(1, 400)],
      ]
      const [head = '', ...others] = rows.map(
        ([name = '', value = '']) => `| ${String(name).padEnd(17)} | ${String(value).padEnd(8)} |`,
      )
      const edge = `+${'-'.repeat(19)}+${'-'.repeat(10)}+`
      return lines(edge, head, edge, ...others, edge, `4 rows in set (${draw.decimal(0, 1, 2)} sec)`)
    },
    odd: [{ replace: 'YES', by: 'DISABLED', shows: 'DISABLED', usual: 'YES' }],
  },
  {
    name: 'a frame of box characters',
    language: 'German',
    output: (draw) =>
      lines(
        '┌──────────────┬──────────┬────────┐',
        '│ Prüfung      │ Ergebnis │ Dauer  │',
        '├──────────────┼──────────┼────────┤',
        `│ Datenträger  │ bestanden│ ${String(draw.between(1, 9_999)).padStart(6)} │`,
        `│ Kennwörter   │ bestanden│ ${String(draw.between(1, 9_999)).padStart(6)} │`,
        '└──────────────┴──────────┴────────┘',
      ),
    odd: [{ replace: /(Kennwörter +│ )bestanden/, by: '$1fehlt    ', shows: 'fehlt' }],
  },
  {
    name: 'winget upgrade',
    language: 'English',
    output: (draw) =>
      crlfLines(
        ...columnLines([
          ['Name', 'Id', 'Version', 'Available', 'Source'],
          ['Git', 'Git.Git', '2.47.0', '2.47.1', 'winget'],
          ['7-Zip 24.08 (x64)', '7zip.7zip', '24.08', '24.09', 'winget'],
        ]),
        `2 upgrades available (checked ${draw.iso()})`,
      ),
    odd: [
      { replace: '2.47.0', by: '2.30.2', shows: '2.30.2', usual: '2.47.0' },
      { replace: /Git +Git\.Git.*\r\n/, by: '', usual: 'Git.Git' },
    ],
  },
  {
    name: 'lastlog',
    language: 'English',
    output: (draw) =>
      lines(
        'Username         Port     From             Latest',
        'root                                       **Never logged in**',
        'daemon                                     **Never logged in**',
        `deploy           pts/0    ${draw.address().padEnd(16)} ${draw.of(['Mon', 'Tue', 'Wed', 'Thu'])} Nov ${draw.between(10, 28)} ${draw.time()} +0100 2026`,
      ),
    odd: [
      {
        replace: /^root .*$/m,
        by: 'root             tty1                      Mon Nov 16 03:12:44 +0100 2026',
        shows: 'tty1',
      },
    ],
  },
  {
    name: 'ntpq -p',
    language: 'English',
    output: (draw) =>
      lines(
        '     remote           refid      st t when poll reach   delay   offset  jitter',
        '==============================================================================',
        `*time1.corp.examp .GPS.            1 u ${String(draw.between(1, 999)).padStart(4)} 1024  377    ${draw.decimal(0, 9, 3)}    ${draw.decimal(0, 3, 3)}   ${draw.decimal(0, 2, 3)}`,
        `+time2.corp.examp 10.1.0.5         2 u ${String(draw.between(1, 999)).padStart(4)} 1024  377    ${draw.decimal(0, 9, 3)}    ${draw.decimal(0, 3, 3)}   ${draw.decimal(0, 2, 3)}`,
      ),
    odd: [{ replace: '*time1', by: ' time1', shows: /(?<!\*)time1/ }],
  },
  {
    name: 'iptables -L -v',
    language: 'English',
    output: (draw) =>
      lines(
        `Chain INPUT (policy DROP ${draw.between(100, 9_999)} packets, ${draw.between(100, 999)}K bytes)`,
        ' pkts bytes target     prot opt in     out     source               destination',
        ` ${draw.between(100, 999)}K  ${draw.between(100, 999)}M ACCEPT     all  --  lo     any     anywhere             anywhere`,
        ` ${draw.between(100, 999)}K  ${draw.between(100, 999)}M ACCEPT     tcp  --  any    any     anywhere             anywhere             tcp dpt:ssh`,
        `Chain FORWARD (policy DROP 0 packets, 0 bytes)`,
      ),
    odd: [
      { replace: 'INPUT (policy DROP', by: 'INPUT (policy QUEUE', shows: 'QUEUE' },
      { replace: 'FORWARD (policy DROP', by: 'FORWARD (policy QUEUE', shows: 'QUEUE' },
    ],
  },
  {
    name: 'bcdedit in Italian',
    language: 'Italian',
    output: (draw) =>
      crlfLines(
        'Windows Boot Manager',
        '--------------------',
        `identificatore          {${draw.guid()}}`,
        'timeout                 30',
        'nx                      OptIn',
        'testsigning             No',
      ),
    odd: [
      { replace: /(testsigning +)No/, by: '$1Yes', shows: 'Yes' },
      {
        replace: 'timeout                 30',
        by: 'timeout                 0',
        shows: /(?<![\d.])0(?!\d)/,
        usual: '30',
      },
    ],
  },
  {
    name: 'wrapped cells',
    language: 'English',
    output: (draw) =>
      lines(
        'Policy              Setting      Checked',
        '------              -------      -------',
        `Minimum password    14 charac-   ${draw.clock()}`,
        'length              ters',
        `Screen lock         after 600    ${draw.clock()}`,
        '                    seconds',
      ),
    odd: [{ replace: 'after 600 ', by: 'after 9000', shows: '9000', usual: '600' }],
  },
  {
    name: 'users, other ones on each host',
    language: 'English',
    output: (draw) =>
      lines(
        'root',
        'daemon',
        ...draw.times(draw.between(1, 5), () => `u${draw.between(10_000, 99_999)}`).sort(),
      ),
    odd: [{ replace: end, by: '\ntoor', shows: 'toor' }],
  },
  {
    name: 'packages, other ones on each host',
    language: 'English',
    output: (draw) =>
      lines(
        'openssl-3.0.7-28.el9.x86_64',
        'bash-5.1.8-9.el9.x86_64',
        ...draw
          .shuffled([
            'vim-9.0',
            'tmux-3.2a',
            'htop-3.3.0',
            'jq-1.6',
            'strace-5.18',
            'lsof-4.94',
            'nmap-7.92',
            'perl-5.32',
          ])
          .slice(0, draw.between(1, 4)),
      ),
    odd: [
      {
        replace: 'openssl-3.0.7-28',
        by: 'openssl-3.0.7-17',
        shows: 'openssl-3.0.7-17',
        usual: 'openssl-3.0.7-28',
      },
    ],
  },
]

import { end, type FleetOutput, lines, numberAlone } from '../fleet-output.ts'

// Packages of Linux hosts, and what installs them.

const rpms = [
  'bash-5.1.8-9.el9.x86_64',
  'curl-7.76.1-29.el9_4.x86_64',
  'glibc-2.34-100.el9_4.2.x86_64',
  'kernel-5.14.0-427.13.1.el9_4.x86_64',
  'openssl-3.0.7-27.el9.x86_64',
  'sudo-1.9.5p2-10.el9_3.x86_64',
]

const debs: readonly (readonly [name: string, version: string, description: string])[] = [
  ['bash', '5.2.15-2+b2', 'GNU Bourne Again SHell'],
  ['libc6:amd64', '2.36-9+deb12u4', 'GNU C Library: Shared libraries'],
  ['openssh-server', '1:9.2p1-2+deb12u2', 'secure shell (SSH) server'],
  ['openssl', '3.0.11-1~deb12u2', 'Secure Sockets Layer toolkit'],
]

export const linuxPackages: readonly FleetOutput[] = [
  {
    name: 'dpkg -l',
    language: 'English',
    output: (draw) => {
      // Other packages of the host, which the script left out, have longer names.
      const [wide, wider] = [draw.between(14, 40), draw.between(17, 40)]
      return lines(
        'Desired=Unknown/Install/Remove/Purge/Hold',
        '| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend',
        '|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)',
        `||/ ${'Name'.padEnd(wide)} ${'Version'.padEnd(wider)} Architecture Description`,
        `+++-${'='.repeat(wide)}-${'='.repeat(wider)}-============-${'='.repeat(draw.between(32, 60))}`,
        ...debs.map(
          ([name, version, what]) => `ii  ${name.padEnd(wide)} ${version.padEnd(wider)} amd64        ${what}`,
        ),
      )
    },
    odd: [
      { replace: '3.0.11-1~deb12u2', by: '3.0.9-1', shows: '3.0.9-1', usual: '3.0.11-1~deb12u2' },
      { replace: /ii( {2}openssh-server)/, by: 'rc$1', shows: /\brc\b/ },
    ],
  },
  {
    name: 'rpm -qa',
    language: 'English',
    output: (draw) => lines(...draw.shuffled(rpms)),
    odd: [
      { replace: '5.14.0-427.13.1', by: '5.14.0-362.8.1', shows: '5.14.0-362.8.1', usual: '5.14.0-427.13.1' },
      { replace: /sudo-1.*/, by: 'nmap-7.92-1.el9.x86_64', shows: 'nmap-7.92' },
    ],
  },
  {
    name: 'yum update',
    language: 'English',
    output: (draw) => {
      const fetched = ['curl-7.76.1-29.el9_4', 'glibc-2.34-100.el9_4', 'sudo-1.9.5p2-10.el9_3']
      return lines(
        `Last metadata expiration check: ${draw.between(0, 3)}:${draw.between(10, 59)}:${draw.between(10, 59)} ago on Fri 20 Nov 2026 ${draw.time()} AM CET.`,
        'Dependencies resolved.',
        ...draw
          .shuffled(fetched)
          .map(
            (name, at) =>
              `(${at + 1}/3): ${name}.x86_64.rpm ${' '.repeat(draw.between(1, 20))}${draw.decimal(1, 40)} MB/s | ${draw.of(['1.9 MB', '297 kB', '1.0 MB'])}     00:0${draw.below(6)}`,
          ),
        `Total ${' '.repeat(30)}${draw.decimal(1, 40)} MB/s | 3.2 MB     00:0${draw.below(6)}`,
        'Complete!',
      )
    },
    odd: [
      {
        replace: 'Complete!',
        by: "Error: Failed to download metadata for repo 'baseos'",
        shows: 'Failed to download metadata',
        code: 1,
      },
    ],
  },
  {
    name: 'apt update in Portuguese',
    language: 'Portuguese',
    output: (draw) => {
      const seconds = draw.between(1, 40)
      return lines(
        'Atingido:1 http://deb.debian.org/debian bookworm InRelease',
        `Obter:2 http://deb.debian.org/debian-security bookworm-security InRelease [${draw.decimal(40, 60)} kB]`,
        `Obter:3 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages [${draw.between(100, 900)} kB]`,
        `Obtidos ${draw.grouped(200, 9_999, '.')} kB em ${seconds}s (${draw.between(20, 900)} kB/s)`,
        'Lendo listas de pacotes...',
        'Todos os pacotes estão atualizados.',
      )
    },
    odd: [
      {
        replace: 'Todos os pacotes estão atualizados.',
        by: '2 pacotes podem ser atualizados.',
        shows: 'podem',
        usual: 'Todos',
      },
      {
        replace: end,
        by: '\nE: Falha ao obter http://deb.debian.org/debian 404 Not Found',
        shows: 'Falha ao obter',
        code: 100,
      },
    ],
  },
  {
    name: 'openssl x509 -dates',
    language: 'English',
    output: (draw) => {
      const date = (): string => {
        const [year, , day, time] = draw.dateParts()
        return `${draw.of(['Jan', 'Mar', 'May', 'Jul', 'Sep', 'Nov'])} ${day} ${time} ${year} GMT`
      }
      return lines(
        'issuer=C = US, O = Example, CN = Example Issuing CA 2',
        `serial=${draw.hex(32).toUpperCase()}`,
        `notBefore=${date()}`,
        `notAfter=${date()}`,
        `SHA256 Fingerprint=${draw.times(32, () => draw.hex(2).toUpperCase()).join(':')}`,
        'signature algorithm: sha256WithRSAEncryption',
      )
    },
    odd: [
      {
        replace: 'sha256With',
        by: 'sha1With',
        shows: 'sha1WithRSAEncryption',
        usual: 'sha256WithRSAEncryption',
      },
      { replace: 'Issuing CA 2', by: 'Issuing CA 1', shows: /\b1\b/ },
    ],
  },
  {
    name: 'pip progress bars',
    language: 'English',
    output: (draw) =>
      lines(
        'Collecting requests==2.32.3',
        ...draw
          .times(draw.between(2, 9), () => draw.between(1, 64))
          .map(
            (done) =>
              `\r     ${'━'.repeat(done >> 1).padEnd(32, ' ')} ${done}.${draw.below(10)}/64.9 kB ${draw.decimal(1, 30)} MB/s eta 0:00:0${draw.below(9)}`,
          ),
        'Successfully installed requests-2.32.3',
      ),
    odd: [
      {
        replace: 'Successfully installed requests-2.32.3',
        by: 'ERROR: No matching distribution found for requests==2.32.3',
        shows: 'No matching distribution',
        code: 1,
      },
    ],
  },
  {
    name: 'files with their checksums',
    language: 'English',
    output: (draw) =>
      lines(
        `${draw.hex(64)}  /etc/machine-id`,
        '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  /usr/sbin/sshd',
        'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  /usr/bin/sudo',
        `3 files in ${draw.between(1, 900)} ms`,
      ),
    odd: [
      { replace: /d4735e3a\w+/, by: `deadbeef${'0123456789abcdef'.repeat(3)}01234567`, shows: 'deadbeef' },
      { replace: /^3 files in .*$/m, by: '3 files in 0 ms', shows: numberAlone(0) },
    ],
  },
]

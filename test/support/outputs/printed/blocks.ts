import { crlfLines, type FleetOutput, lines, type Odd } from '../fleet-output.ts'

// The same lines under several headings: what is odd has the same lines too, but each under the other heading.

/** The two texts change places. */
const swapped = (first: string, second: string): Odd => ({
  replace: new RegExp(`${first}([\\s\\S]*)${second}`),
  by: `${second}$1${first}`,
})

export const blocks: readonly FleetOutput[] = [
  {
    name: 'sections of an INI file',
    language: 'English',
    output: (draw) =>
      lines(`; written ${draw.iso()}`, '[client]', 'level=2', `seed=${draw.hex(8)}`, '[server]', 'level=1'),
    odd: [swapped('level=2', 'level=1')],
  },
  {
    name: 'sections of an INI file in German',
    language: 'German',
    output: (draw) => lines('[Rechner]', 'Sperre=ja', '[Benutzer]', 'Sperre=nein', `; Stand ${draw.time()}`),
    odd: [swapped('=ja', '=nein')],
  },
  {
    name: 'maps of YAML',
    language: 'English',
    output: (draw) =>
      lines(
        'disk:',
        '  state: ok',
        'firewall:',
        '  state: off',
        `run: ${draw.guid()}`,
        `took: ${draw.pid()}`,
      ),
    odd: [swapped('state: ok', 'state: off')],
  },
  {
    name: 'lists of YAML',
    language: 'English',
    output: (draw) =>
      lines(
        'checks:',
        ...['disk', 'firewall'].flatMap((name) => [
          `  - name: ${name}`,
          `    state: ${name === 'disk' ? 'ok' : 'off'}`,
          `    took: ${draw.between(100, 9_999)}`,
        ]),
      ),
    odd: [swapped('ok', 'off')],
  },
  {
    name: 'elements of XML',
    language: 'English',
    output: (draw) =>
      lines(
        `<profiles id="${draw.guid()}">`,
        ...['domain', 'public'].flatMap((name) => [
          '  <profile>',
          `    <name>${name}</name>`,
          `    <state>${name === 'domain' ? 'on' : 'off'}</state>`,
          '  </profile>',
        ]),
        '</profiles>',
      ),
    odd: [swapped('>on<', '>off<')],
  },
  {
    name: 'netsh advfirewall in French',
    language: 'French',
    output: (draw) =>
      crlfLines(
        '',
        'Paramètres Profil de domaine :',
        '-'.repeat(70),
        'État                                  Actif',
        '',
        'Paramètres Profil public :',
        '-'.repeat(70),
        'État                                  Inactif',
        `Ok. (${draw.between(100, 9_999)} ms)`,
      ),
    odd: [swapped(' Actif', ' Inactif')],
  },
  {
    name: 'headings with a setting each',
    language: 'Portuguese',
    output: (draw) =>
      lines(
        'Disco:',
        '  criptografado: sim',
        'Cópia de segurança:',
        '  criptografado: não',
        `verificado em ${draw.dateParts().slice(0, 3).reverse().join('/')} ${draw.time()}`,
      ),
    odd: [swapped('sim', 'não')],
  },
  {
    name: 'verdicts above what they are about',
    language: 'English',
    output: (draw) =>
      lines(
        'PASS',
        'SSH root login disabled',
        'FAIL',
        'Password age below 90',
        `${draw.between(1_000, 9_999)} ms`,
      ),
    odd: [swapped('PASS', 'FAIL')],
  },
  {
    name: 'numbers below their headings',
    language: 'Russian',
    output: (draw) =>
      lines('Неудачные входы:', '0', 'Заблокированные пользователи:', '3', `Проверено: ${draw.iso()}`),
    odd: [swapped('0\n', '3\n')],
  },
  {
    name: 'sections of Markdown',
    language: 'Japanese',
    output: (draw) => lines('# SSH', '結果: 合格', '# sudo', '結果: 不合格', `実行: ${draw.iso()}`),
    odd: [swapped('結果: 合格', '結果: 不合格')],
  },
  {
    name: 'maps of JSON',
    language: 'English',
    output: (draw) =>
      JSON.stringify({ run: draw.guid(), domain: { state: 'on' }, public: { state: 'off' } }, undefined, 2),
    odd: [swapped('"on"', '"off"')],
  },
  {
    name: 'two interfaces of ip link',
    language: 'English',
    output: (draw) =>
      lines(
        '2: eth0: <BROADCAST,MULTICAST> mtu 1500 state UP',
        `    link/ether ${draw.mac()} brd ff:ff:ff:ff:ff:ff`,
        '3: eth1: <BROADCAST,MULTICAST> mtu 1500 state DOWN',
        `    link/ether ${draw.mac()} brd ff:ff:ff:ff:ff:ff`,
      ),
    odd: [swapped('UP', 'DOWN')],
  },
]

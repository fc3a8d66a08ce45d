import { crlfLines, end, type FleetOutput, listLines, underlinedLines } from '../fleet-output.ts'

// Services and tasks of Windows hosts, and what keeps its files whole.

export const windowsServices: readonly FleetOutput[] = [
  {
    name: 'Get-Service as a table',
    language: 'English',
    output: (draw) =>
      crlfLines(
        '',
        ...underlinedLines(
          ['Status  ', 'Name', 'DisplayName'],
          draw.shuffled([
            ['Running', 'WinDefend', 'Microsoft Defender Antivirus Service'],
            ['Running', 'QualysAgent', 'Qualys Cloud Agent'],
            ['Running', 'EventLog', 'Windows Event Log'],
            ['Stopped', 'RemoteRegistry', 'Remote Registry'],
            [
              'Running',
              `CDPUserSvc_${draw.hex(5)}`,
              `Connected Devices Platform ${'…'.padEnd(draw.between(1, 9))}`,
            ],
          ]),
        ),
      ),
    odd: [
      { replace: /Running( +WinDefend)/, by: 'Stopped$1', shows: /Stopped/ },
      { replace: /\r\n.*EventLog.*/, by: '', usual: 'EventLog' },
    ],
  },
  {
    name: 'Get-Service as a list of blocks',
    language: 'English',
    output: (draw) => {
      const block = (name: string, state: string): string[] => [
        '',
        ...listLines(
          { Name: name, State: state, StartType: 'Automatic', ProcessId: draw.pid() },
          draw.below(9),
        ),
      ]
      return crlfLines(
        ...block('WinDefend', 'Running'),
        ...block('Spooler', 'Stopped'),
        ...block('W32Time', 'Running'),
      )
    },
    odd: [
      // The same lines, but the states belong to the other services.
      { replace: /(State +: )Running([\s\S]*?State +: )Stopped/, by: '$1Stopped$2Running' },
      { replace: /(W32Time[\s\S]*?: )Running/, by: '$1Paused', shows: 'Paused' },
    ],
  },
  {
    name: 'sc queryex',
    language: 'English',
    output: (draw) =>
      crlfLines(
        '',
        'SERVICE_NAME: QualysAgent',
        '        TYPE               : 10  WIN32_OWN_PROCESS',
        '        STATE              : 4  RUNNING',
        '                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)',
        '        WIN32_EXIT_CODE    : 0  (0x0)',
        '        CHECKPOINT         : 0x0',
        `        PID                : ${draw.pid()}`,
        '        FLAGS              :',
      ),
    odd: [
      { replace: '4  RUNNING', by: '1  STOPPED', shows: 'STOPPED', usual: 'RUNNING' },
      { replace: /0 {2}\(0x0\)/, by: '1067  (0x42b)', shows: '0x42b' },
    ],
  },
  {
    name: 'sc query in Russian',
    language: 'Russian',
    output: (draw) =>
      crlfLines(
        'Имя_службы: QualysAgent',
        '        Тип                : 10  WIN32_OWN_PROCESS',
        '        Состояние          : 4  RUNNING',
        '        Код_выхода_Win32   : 0  (0x0)',
        `        ID_процесса        : ${draw.pid()}`,
        `Проверено: ${draw.dateParts().slice(0, 3).reverse().join('.')} ${draw.time()}`,
      ),
    odd: [
      {
        replace: /^[\s\S]*$/,
        by: '[SC] OpenService: ошибка: 1060\r\n\r\nУказанная служба не установлена.',
        shows: 'служба не установлена',
        code: 1060,
      },
      { replace: '4  RUNNING', by: '7  PAUSED', shows: 'PAUSED' },
    ],
  },
  {
    name: 'schtasks /query /fo LIST',
    language: 'English',
    output: (draw, host) =>
      crlfLines(
        '',
        'Folder: \\Example',
        `HostName:                             ${host.toUpperCase()}`,
        'TaskName:                             \\Example\\Inventory',
        `Next Run Time:                        11/${draw.between(20, 30)}/2026 ${draw.between(1, 12)}:${draw.between(10, 59)}:${draw.between(10, 59)} AM`,
        'Status:                               Ready',
        `Last Run Time:                        11/${draw.between(10, 19)}/2026 ${draw.between(1, 12)}:${draw.between(10, 59)}:${draw.between(10, 59)} PM`,
        'Last Result:                          0',
        'Run As User:                          SYSTEM',
      ),
    odd: [
      { replace: /(Result: +)0/, by: '$1-2147024894', shows: '-2147024894' },
      { replace: 'SYSTEM', by: 'CORP\\jdoe', shows: 'jdoe', usual: 'SYSTEM' },
      { replace: 'Ready', by: 'Disabled', shows: 'Disabled', usual: 'Ready' },
    ],
  },
  {
    name: 'sfc /scannow in German',
    language: 'German',
    output: (draw) =>
      crlfLines(
        'Systemsuche wird gestartet. Dieser Vorgang kann einige Zeit dauern.',
        '',
        ...draw
          .times(draw.between(2, 8), () => draw.between(1, 99))
          .map((percent) => `Überprüfung ${percent} % abgeschlossen.`),
        'Überprüfung 100 % abgeschlossen.',
        '',
        'Der Windows-Ressourcenschutz hat keine Integritätsverletzungen gefunden.',
      ),
    odd: [
      {
        replace: /Der Windows-Ressourcenschutz .*/,
        by: 'Der Windows-Ressourcenschutz hat beschädigte Dateien gefunden und konnte einige nicht reparieren.',
        shows: 'beschädigte Dateien gefunden',
        usual: 'keine',
      },
    ],
  },
  {
    name: 'sfc /scannow in French',
    language: 'French',
    output: (draw) =>
      crlfLines(
        'Début de l’analyse du système. Cette opération peut nécessiter un certain temps.',
        `La vérification a duré ${draw.between(1, 59)} min ${draw.between(1, 59)} s.`,
        'La vérification 100 % est terminée.',
        'Le programme de protection des ressources Windows n’a trouvé aucune violation d’intégrité.',
        `Détails : C:\\Windows\\Logs\\CBS\\CBS_${draw.iso().replace(/\D/g, '')}.log`,
      ),
    odd: [
      {
        replace: /n’a trouvé aucune violation d’intégrité/,
        by: 'a trouvé des fichiers endommagés',
        shows: 'endommagés',
        usual: 'aucune',
      },
      { replace: end, by: '\r\nAccès refusé.', shows: 'Accès refusé', code: 5 },
    ],
  },
  {
    name: 'progress in French',
    language: 'French',
    output: (draw) =>
      crlfLines(
        ...[10, 20, 50, 100].map(
          (percent) =>
            `[${'='.repeat(percent / 10).padEnd(10)}] ${percent} % (${draw.decimal(0, 60, 2).replace('.', ',')} s)`,
        ),
        `Terminé en ${draw.between(61, 9_000)} secondes : 0 erreur`,
      ),
    odd: [{ replace: '0 erreur', by: '3 erreurs', shows: 'erreurs' }],
  },
]

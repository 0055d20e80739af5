/** The command line, the start of the program, and the demonstration. */
import { defineTexts } from './define.ts'

export const cli = defineTexts({
  en: {
    'start.fetching': 'Electron is being fetched, once; that takes a few minutes at most.',
    'start.building': 'Building the screens…',
    'start.no-desktop': 'There can be no desktop window ({reason}); Cardwright serves the same application on this computer instead.',
    'start.no-desktop.no-screen': 'there is no screen',
    'start.no-desktop.root': 'root has no sandbox',
    'start.no-desktop.not-installed': 'Electron is not installed',
    'start.no-desktop.not-fetched': 'Electron could not be fetched',
    'start.no-desktop.did-not-start': 'Electron did not start',
    'start.address': 'Open this address in a browser of this computer; it is good until Cardwright ends:',
    'start.stop': 'Ctrl+C ends Cardwright.',
    'start.stopping': 'The card in work comes to its end, then Cardwright ends…',

    'demo.begin': 'Job {job} “{name}”: {cards, plural, one {# card} other {# cards}} on {device} ({model}), in simulated time.',
    'demo.answered': '  · {reason}. The operator: {answer}.',
    'demo.requeued': '  · {cards, plural, one {One card was rejected and is made again on a new blank} other {# cards were rejected and are made again on new blanks}}.',
    'demo.time': '{minutes, plural, one {# minute} other {# minutes}} of the machine’s time; {rate} good cards an hour, with the faults and the waiting in it.',
    'cli.audit.holds': 'The journal holds: {rows, plural, one {# row} other {# rows}}, each with the hash of the one before.',
    'cli.audit.broken': 'The journal is broken at row {row}: it, or a row before it, was changed, removed or put in.',
    'cli.audit.head': 'Head of the chain: {head}',
  },
  ru: {
    'start.fetching': 'Загружается Electron; это нужно один раз и займёт не больше нескольких минут.',
    'start.building': 'Собираются экраны…',
    'start.no-desktop': 'Окно программы открыть нельзя ({reason}); вместо этого Cardwright работает в браузере этого компьютера.',
    'start.no-desktop.no-screen': 'нет экрана',
    'start.no-desktop.root': 'у пользователя root нет песочницы',
    'start.no-desktop.not-installed': 'Electron не установлен',
    'start.no-desktop.not-fetched': 'Electron не удалось загрузить',
    'start.no-desktop.did-not-start': 'Electron не запустился',
    'start.address': 'Откройте этот адрес в браузере этого компьютера; он действует, пока Cardwright работает:',
    'start.stop': 'Ctrl+C завершает Cardwright.',
    'start.stopping': 'Текущая карта будет доведена до конца, затем Cardwright завершится…',

    'demo.begin': 'Задание {job} «{name}»: {cards, plural, one {# карта} few {# карты} many {# карт} other {# карты}}, эмбоссер {device} ({model}), в смоделированном времени.',
    'demo.answered': '  · {reason}. Ответ оператора: {answer}.',
    'demo.requeued': '  · {cards, plural, one {# карта забракована и выпускается заново на новой заготовке} few {# карты забракованы и выпускаются заново на новых заготовках} many {# карт забраковано и выпускается заново на новых заготовках} other {# карты забраковано и выпускается заново на новых заготовках}}.',
    'demo.time': 'Время эмбоссера: {minutes, plural, one {# минута} few {# минуты} many {# минут} other {# минуты}}; {rate, plural, one {# годная карта} few {# годные карты} many {# годных карт} other {# годных карты}} в час, считая сбои и ожидание.',
    'cli.audit.holds': 'Журнал цел: {rows, plural, one {# запись} few {# записи} many {# записей} other {# записи}}, каждая содержит хеш предыдущей.',
    'cli.audit.broken': 'Журнал нарушен на записи {row}: она или одна из предыдущих изменена, удалена или вставлена.',
    'cli.audit.head': 'Вершина цепочки: {head}',
  },
})

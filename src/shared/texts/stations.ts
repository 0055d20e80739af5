import { defineTexts } from './define.ts'

/** The reader on the desk and the conveyor: what they ask for and why they stand. */
export const stations = defineTexts({
  en: {
    'reason.insert-card': 'The reader waits for a blank card',
    'reason.take-card-out': 'The card in the reader is to be taken out',
    'reason.reader-missing': 'The reader is not there',
    'reason.card-not-presented': 'This is not the card that was put in',
    'reason.module-jam': 'A card is stuck in a module',
    'reason.stations-lost': 'No chip station answers',
    'reason.line-purged': 'The line was emptied into the reject stacker',
    'fault.device.no-reader-chosen.what': 'No reader is chosen for this device.',
    'fault.device.no-reader-chosen.do': 'Choose the reader by its name under Devices.',
    'fault.device.practice-only.what': 'A machine of the profile {profile} can only be practised on.',
    'fault.device.practice-only.do': 'Choose the practice machine as its link.',
    'evidence.reader.by-hand': 'A reader is fed by hand: which card lies in it is known from its chip alone.',
    'evidence.conveyor.practice': 'This machine is a pretended one of the DC500, DC7000 and DC9000 kind. How a real one converses with its controller is not published: the driver speaks to the pretended one alone.',
    'evidence.conveyor.pace': 'Its pace follows published figures: 500 to 700 embossed cards an hour, and three to four chip stations for one EMV application.',
  },
  ru: {
    'reason.insert-card': 'Считыватель ждёт заготовку',
    'reason.take-card-out': 'Нужно вынуть карту из считывателя',
    'reason.reader-missing': 'Считыватель не найден',
    'reason.card-not-presented': 'Это не та карта, которую вставили',
    'reason.module-jam': 'В модуле застряла карта',
    'reason.stations-lost': 'Ни одна станция чипа не отвечает',
    'reason.line-purged': 'Линию освободили: карты ушли в приёмник брака',
    'fault.device.no-reader-chosen.what': 'Для этого устройства не выбран считыватель.',
    'fault.device.no-reader-chosen.do': 'Выберите считыватель по имени на странице «Устройства».',
    'fault.device.practice-only.what': 'Профиль {profile} — только учебный.',
    'fault.device.practice-only.do': 'Выберите подключение «учебная машина».',
    'evidence.reader.by-hand': 'Карты в считыватель вставляет человек: какая карта лежит в нём, известно только по её чипу.',
    'evidence.conveyor.practice': 'Это учебная линия класса DC500, DC7000 и DC9000. Протокол настоящей линии не опубликован: драйвер работает только с учебной.',
    'evidence.conveyor.pace': 'Её скорость взята из опубликованных данных: 500–700 эмбоссированных карт в час и три–четыре станции чипа на одно приложение EMV.',
  },
})

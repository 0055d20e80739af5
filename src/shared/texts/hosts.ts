/** What the hosts themselves can say no to: files that come in. */
import { defineTexts } from './define.ts'

export const hostTexts = defineTexts({
  en: {
    'fault.upload.too-large.what': 'The file is larger than {limit, number} megabytes.',
    'fault.upload.too-large.do': 'Split it into several files, and import each as a job of its own.',
    'fault.upload.failed.what': 'The file did not arrive whole.',
    'fault.upload.failed.do': 'Choose it again. If it happens again, look whether this computer has room on its disk.',
  },
  ru: {
    'fault.upload.too-large.what': 'Файл больше {limit, number} МБ.',
    'fault.upload.too-large.do': 'Разделите его на несколько файлов и импортируйте каждый отдельным заданием.',
    'fault.upload.failed.what': 'Файл получен не полностью.',
    'fault.upload.failed.do': 'Выберите его ещё раз. Если ошибка повторится, проверьте, есть ли свободное место на диске.',
  },
})

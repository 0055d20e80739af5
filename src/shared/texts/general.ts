import { defineTexts } from './define.ts'

export const general = defineTexts({
  en: {
    'product.name': 'Cardwright',
    'fault.bug.unexpected.what': 'Something went wrong inside Cardwright ({name}).',
    'fault.bug.unexpected.do': 'Nothing was sent to the machine. Try once more; if it happens again, export the log and send it to your support.',
  },
  ru: {
    'product.name': 'Cardwright',
    'fault.bug.unexpected.what': 'Внутренняя ошибка Cardwright ({name}).',
    'fault.bug.unexpected.do': 'На эмбоссер ничего не отправлено. Повторите действие; если ошибка повторится, выгрузите журнал и передайте его в службу поддержки.',
  },
})

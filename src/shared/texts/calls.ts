/** The gate between the screens and the core. */
import { defineTexts } from './define.ts'

export const callTexts = defineTexts({
  en: {
    'fault.call.unknown.what': 'This screen asked for something that this version of Cardwright does not know.',
    'fault.call.unknown.do': 'Reload the window. If it happens again, the program and its screens are of different versions: install Cardwright anew.',
    'fault.call.invalid.what': 'An entry is not as it should be.',
    'fault.call.invalid.do': 'Correct the entry and try again.',
    'fault.call.not-signed-in.what': 'You are not signed in, or your session has ended.',
    'fault.call.not-signed-in.do': 'Sign in and try again.',
    'fault.call.forbidden.what': 'Your role does not allow this.',
    'fault.call.forbidden.do': 'Sign in as somebody who may do it, or ask your administrator for the role.',
  },
  ru: {
    'fault.call.unknown.what': 'Экран запросил действие, которого эта версия Cardwright не знает.',
    'fault.call.unknown.do': 'Перезагрузите окно. Если ошибка повторится, значит программа и её экраны разных версий: переустановите Cardwright.',
    'fault.call.invalid.what': 'Одно из введённых значений не подходит.',
    'fault.call.invalid.do': 'Исправьте значение и повторите.',
    'fault.call.not-signed-in.what': 'Вы не вошли в систему, или сеанс завершён.',
    'fault.call.not-signed-in.do': 'Войдите и повторите действие.',
    'fault.call.forbidden.what': 'Ваша роль не позволяет выполнить это действие.',
    'fault.call.forbidden.do': 'Войдите под пользователем, которому это разрешено, или попросите администратора назначить вам роль.',
  },
})

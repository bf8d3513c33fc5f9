import type { Language } from './texts';

const kDays = { zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六', '周日'], en: ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'] };
const said = (count: string) => count.padStart(2, '0');

// "30 2 * * *" as people say it: 每天 02:30, daily at 02:30. Nothing for what is not hourly, daily, weekly or monthly.
export function sayCron(cron: string, language: Language): string | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/);
  const number = (text: string) => /^\d{1,2}$/.test(text);
  if (!number(minute) || month !== '*') return undefined;
  const zh = language === 'zh', rest = `${day} ${weekday}`;
  if (hour === '*') return rest === '* *' ? (zh ? `每小时第 ${Number(minute)} 分` : `hourly at :${said(minute)}`) : undefined;
  if (!number(hour)) return undefined;
  const time = `${said(hour)}:${said(minute)}`;
  if (rest === '* *') return zh ? `每天 ${time}` : `daily at ${time}`;
  if (day === '*' && /^[0-7]$/.test(weekday)) return zh ? `每${kDays.zh[Number(weekday)]} ${time}` : `${kDays.en[Number(weekday)]} at ${time}`;
  if (number(day) && weekday === '*') return zh ? `每月 ${day} 日 ${time}` : `monthly, day ${day} at ${time}`;
  return undefined;
}

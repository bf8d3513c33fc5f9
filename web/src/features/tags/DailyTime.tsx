import { TimePicker } from 'antd';
import dayjs from 'dayjs';
import { sayCron } from '../../lib/cron';
import { useLanguage } from '../../lib/texts';

const timeOf = (cron: string | undefined) => { const said = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(cron ?? ''); return said ? dayjs().hour(Number(said[2])).minute(Number(said[1])) : undefined; };

// When something is done each day; a schedule of another kind is said, and stays until a time is chosen.
export function DailyTime({ id, cron, placeholder, onChange }: { id: string; cron: string | undefined; placeholder: string; onChange: (cron: string | undefined) => void }) {
  const language = useLanguage();
  return <TimePicker id={id} format="HH:mm" placeholder={cron && !timeOf(cron) ? sayCron(cron, language) ?? cron : placeholder} value={timeOf(cron)} onChange={(time) => onChange(time ? `${time.minute()} ${time.hour()} * * *` : undefined)} />;
}

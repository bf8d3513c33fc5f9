import { AutoComplete } from 'antd';
import { useChannels } from '../../../api/queries';
import { labelOf } from '../../../lib/label';
import { useLanguage, useTexts } from '../../../lib/texts';
import { texts } from '../texts';

const kUsual = ['sms', 'push', 'mail', 'wechat', 'wecom'] as const;

// The channels there are, as they are called, and the usual ones: without a channel their messages stay in the sandbox.
export function ChannelInput({ value, onChange }: { value: string; onChange: (channel: string) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const there = useChannels().data?.channels ?? [];
  const options = [
    ...there.map(({ name, title_zh: name_zh, title_en: name_en }) => ({ value: name, label: labelOf({ id: name, name_zh, name_en }, language) })),
    ...kUsual.filter((usual) => there.every(({ name }) => name !== usual)).map((usual) => ({ value: usual as string, label: t(`channel_${usual}`) })),
  ];
  return <AutoComplete aria-label={t('channel')} style={{ width: '100%' }} value={value} onChange={onChange} options={options} />;
}

import { useCallback } from 'react';
import { labelOf } from '../lib/label';
import { defineTexts, useLanguage, useTexts } from '../lib/texts';
import { useChannels } from './queries';

const texts = defineTexts('channelNames', {
  sms: '短信', push: '推送', mail: '邮件', wechat: '微信', wecom: '企业微信', call: '外呼', task: '任务',
}, {
  sms: 'SMS', push: 'Push', mail: 'E-mail', wechat: 'WeChat', wecom: 'WeCom', call: 'Call', task: 'Task',
});

export const kUsualChannels = ['sms', 'push', 'mail', 'wechat', 'wecom'] as const;

// What a channel is called: as its description says, or as the usual ones are; else by its name.
export function useChannelName(): (channel: string) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  const there = useChannels().data?.channels;
  return useCallback((channel) => {
    const found = there?.find(({ name }) => name === channel);
    return labelOf({ id: channel in texts.zh ? t(channel as 'sms') : channel, name_zh: found?.title_zh, name_en: found?.title_en }, language);
  }, [t, language, there]);
}

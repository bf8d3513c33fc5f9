import { useCallback } from 'react';
import { useTexts } from '../lib/texts';
import { texts } from './texts';

export const kUsualKinds = ['login', 'customer_no', 'phone', 'email', 'openid', 'unionid', 'device', 'cookie'] as const;

// What a kind of identity is called; its own name where the bank made it up.
export function useKindName(): (key: string) => string {
  const t = useTexts(texts);
  return useCallback((key) => (`kind_${key}` in texts.zh ? t(`kind_${key}` as 'kind_login') : key), [t]);
}

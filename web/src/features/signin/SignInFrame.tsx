import type { ReactNode } from 'react';
import { Button, Tag } from 'antd';
import { kBase } from '../../lib/links';
import { setLanguage, useLanguage, useTexts } from '../../lib/texts';
import { texts } from './texts';

export function SignInFrame({ environment, children }: { environment: string; children: ReactNode }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <main className="gate">
      <div className="sign-in">
        <div className="brand">
          <img src={`${kBase}/icon.svg`} alt="" width={28} height={28} /><b>{t('product')}</b><Tag>{environment}</Tag>
          <Button className="language" type="text" size="small" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>{t('language')}</Button>
        </div>
        {children}
      </div>
    </main>
  );
}

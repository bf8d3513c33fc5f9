import { Button } from 'antd';
import { useNavigate, useRouteError } from 'react-router-dom';
import { useRightName } from '../api/rightNames';
import { link } from '../lib/links';
import { useGap, useTexts } from '../lib/texts';
import { Nothing } from '../ui/Nothing';
import { PageHeader } from '../ui/PageHeader';
import type { Refusal } from './refused';
import { texts } from './texts';

export function Lost() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  return <><PageHeader title={t('lostTitle')} /><Nothing what={t('lost')} next={<Button type="primary" onClick={() => void navigate(link('/'))}>{t('goHome')}</Button>} /></>;
}

// A page the person may not see: for want of what, and who can change that.
export function Refused({ why, right }: { why: Refusal; right: string }) {
  const t = useTexts(texts);
  return <><PageHeader /><Nothing what={t(why, { right: useRightName()(right) })} /></>;
}

// A page that throws leaves the frame standing.
export function Crashed() {
  const t = useTexts(texts);
  const gap = useGap();
  const error = useRouteError();
  const what = error instanceof Error ? `${t('crashed')}${gap}${error.message}` : t('crashed');
  return <><PageHeader title={t('crashedTitle')} /><Nothing what={what} next={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>} /></>;
}

import { Alert, Button, Progress } from 'antd';
import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useAuditCheck, useCheckAudit } from '../../api/queries';
import type { AuditCheck } from '../../api/schema';
import { dateTime, exact } from '../../lib/format';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts } from './texts';

function Finding({ state, checked = 0, of = 0, witnessed = 0, record, fault, ended_ms: ended = 0 }: AuditCheck) {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const number = (value: number) => exact(value, language);
  if (state === 'running') return <Progress aria-label={t('verifying')} percent={of > 0 ? Math.floor((100 * checked) / of) : 0} format={() => `${number(checked)} / ${number(of)}`} />;
  const at = t('verifiedAt', { time: dateTime(ended, language) });
  if (state === 'holds') return <Alert type="success" showIcon title={t('verifyHolds', { of: number(of) })} description={<>{witnessed > 0 ? t('verifyWitnessed', { witnessed: number(witnessed) }) : t('verifyAlone')}{gap}<span className="quiet">{at}</span></>} />;
  const title = state === 'broken' ? t('verifyBroken', { record: number(record ?? 0), checked: number(checked) }) : t('verifyFailed');
  return <Alert type="error" showIcon title={title} description={<><div className="code">{fault}</div><span className="quiet">{at}</span></>} />;
}

// Checks the whole chain on the server and tells the first bad record, or that all of them hold.
export function AuditCheckPanel() {
  const t = useTexts(texts);
  const check = useAuditCheck();
  const begin = useCheckAudit();
  const state = check.data?.state;
  const failed = begin.error ?? check.error;
  return (
    <div className="stack" style={{ marginTop: 12 }}>
      <div className="bar">
        <Button icon={<SafetyCertificateOutlined />} loading={begin.isPending || state === 'running'} onClick={() => begin.mutate()}>{t('verify')}</Button>
        <span className="quiet">{t('verifyHint')}</span>
      </div>
      {failed && <ProblemNote error={failed} />}
      {check.data && state !== 'none' && <Finding {...check.data} />}
    </div>
  );
}

import { Button } from 'antd';
import { useNavigate } from 'react-router-dom';
import type { Segment } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Num } from '../../ui/Num';
import { texts } from './texts';

// Every version with the size of its last run; an older one can be taken up again.
export function Versions({ segment }: { segment: Segment }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const rows = [...(segment.versions ?? [])].reverse();
  const lastOf = (version: number) => segment.runs?.find((run) => run.version === version);
  return (
    <FoundTable<Segment> list="versions" rowKey="version" rows={rows} words={({ version, owner, eql }) => [`v${version}`, owner, eql]} find={t('findVersion')} empty={t('noVersions')} columns={[
      { title: t('versions'), dataIndex: 'version', width: 90, render: (version: number) => `v${version}` },
      { title: t('changed'), dataIndex: 'changed', width: 190, className: 'nowrap', render: (time: string) => dateTime(Date.parse(time), language) },
      { title: t('owner'), dataIndex: 'owner', width: 120 },
      { title: t('rule'), dataIndex: 'eql', render: (eql: string) => <span className="code">{eql}</span> },
      { title: t('size'), width: 110, align: 'right', render: (_, { version }) => <Num value={lastOf(version)?.count} /> },
      { title: <span className="unseen">{t('takeUp')}</span>, width: 120, align: 'right', render: (_, { version, eql }) => version !== segment.version && <Button type="link" size="small" onClick={() => void navigate(link(`/segments/${segment.id}/edit`, { eql }))}>{t('takeUp')}</Button> },
    ]} />
  );
}

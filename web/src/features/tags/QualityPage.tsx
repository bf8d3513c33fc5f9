import { Input } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { Link } from 'react-router-dom';
import type { TagHealth } from '../../api/schema';
import { useFind } from '../../lib/addressText';
import { day, percent } from '../../lib/format';
import { labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { useTagReport } from './queries';
import { LevelTag } from './StateTag';
import { texts } from './texts';

const kOrder = { alarm: 0, warning: 1, good: 2 };
const worst = (a: TagHealth, b: TagHealth) => kOrder[a.level] - kOrder[b.level] || (b.psi ?? 0) - (a.psi ?? 0);

export default function QualityPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const report = useTagReport();
  const [find, setFind] = useFind();
  return (
    <>
      <PageHeader title={t('quality')} note={t('qualityNote')} />
      <Loaded query={report} rows={12}>
        {({ tags }) => {
          const countOf = (level: TagHealth['level']) => tags.filter((one) => one.level === level).length;
          const shown = tags.filter(({ id, name_zh: zh = '', name_en: en = '', owner = '' }) => fit(find, [id, zh, en, owner]) > 0).sort(worst);
          return (
            <section className="panel flush">
              <div className="bar">
                <Input allowClear style={{ width: 320 }} prefix={<SearchOutlined />} placeholder={t('find')} aria-label={t('find')} value={find} onChange={(event) => setFind(event.target.value)} />
                <span className="push">{(['alarm', 'warning', 'good'] as const).map((level) => <span key={level}><LevelTag level={level} /><b className="num level-count">{countOf(level)}</b></span>)}</span>
              </div>
              <ListTable<TagHealth> rowKey="id" dataSource={shown} locale={{ emptyText: <Nothing what={find ? t('noMatch') : t('reportEmpty')} /> }}
                columns={[
                  { title: t('name'), width: 260, ellipsis: true, render: (_, tag) => <Link to={link(`/tags/${tag.id}`)}><span className="name">{labelOf(tag, language)}</span> <span className="quiet code">{tag.id}</span></Link> },
                  { title: t('level'), dataIndex: 'level', width: 88, render: (level: TagHealth['level']) => <LevelTag level={level} /> },
                  { title: t('coverage'), dataIndex: 'coverage', width: 104, align: 'right', sorter: (a, b) => (a.coverage ?? 0) - (b.coverage ?? 0), render: (rate?: number) => rate === undefined ? t('none') : percent(rate) },
                  { title: t('psi'), dataIndex: 'psi', width: 88, align: 'right', sorter: (a, b) => (a.psi ?? 0) - (b.psi ?? 0), render: (psi?: number) => psi === undefined ? t('none') : psi.toFixed(3) },
                  { title: t('day'), dataIndex: 'last_day', width: 120, className: 'nowrap', render: (last?: string) => (last ? day(last, language) : t('none')) },
                  { title: t('usedBy'), dataIndex: 'used_by', width: 88, align: 'right', render: (users: unknown[] = []) => users.length },
                  { title: t('problem'), render: (_, { findings }) => findings.map((one) => (language === 'zh' ? one.zh : one.en)).join(language === 'zh' ? '；' : '; ') },
                ]} />
            </section>
          );
        }}
      </Loaded>
    </>
  );
}

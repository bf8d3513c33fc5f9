import type { ReactNode } from 'react';
import { Alert, Button, Dropdown } from 'antd';
import { MoreOutlined } from '@ant-design/icons';
import { Link } from 'react-router-dom';
import { useAnswer } from '../../api/queries';
import type { Saved } from '../../api/schema';
import { download, type Cells } from '../../lib/csv';
import { namedIn } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { downloadPicture, type Picture } from '../../ui/picture';
import { texts as uiTexts } from '../../ui/texts';
import type { FunnelAnswer, RetentionAnswer, TrendsAnswer } from './core/answer';
import { applied } from './core/board';
import type { PortraitAnswer } from './core/portrait';
import type { AnyQuestion, Condition, Range } from './core/question';
import { FunnelResult, funnelPicture } from './FunnelResult';
import { PortraitResult, usePortraitNames } from './PortraitResult';
import { RetentionResult, retentionPicture } from './RetentionResult';
import { funnelTable, portraitTable, retentionTable, trendsTable, type PortraitNames } from './tables';
import { texts } from './texts';
import { TrendsResult, trendsPicture } from './TrendsResult';
import { useWords, type Words } from './useWords';

interface Shown {
  view: ReactNode;
  table: () => Cells[];
  picture?: () => Picture;
}

// How an answer of each kind is shown. The server answers in the form of what was asked.
function shown(question: AnyQuestion, data: object, words: Words, names: PortraitNames): Shown {
  switch (question.ask) {
    case 'trends': { const answer = data as TrendsAnswer; return { view: <TrendsResult compact answer={answer} question={question} />, table: () => trendsTable(answer, question, words), picture: () => trendsPicture(answer, question, words) }; }
    case 'funnel': { const answer = data as FunnelAnswer; return { view: <FunnelResult compact answer={answer} question={question} />, table: () => funnelTable(answer, question, words), picture: () => funnelPicture(answer, question, words) }; }
    case 'retention': { const answer = data as RetentionAnswer; return { view: <RetentionResult answer={answer} question={question} />, table: () => retentionTable(answer, question, words), picture: () => retentionPicture(answer, question, words) }; }
    case 'portrait': { const answer = data as PortraitAnswer; return { view: <PortraitResult compact answer={answer} question={question} />, table: () => portraitTable(answer, question, names, words) }; }
  }
}

// A saved question on a dashboard; `edit`: what stands in place of its menu.
export function TileView({ saved, range, who, edit }: { saved: Saved; range: Range | undefined; who: Condition[]; edit?: ReactNode }) {
  const t = useTexts(texts);
  const ui = useTexts(uiTexts);
  const words = useWords(), names = usePortraitNames();
  const called = namedIn(saved, useLanguage());
  const { question, limited } = applied(saved.body as unknown as AnyQuestion, range, who);
  const known = ['trends', 'funnel', 'retention', 'portrait'].includes(question.ask);
  const answer = useAnswer<object>(known ? question : undefined);
  const of = answer.data && shown(question, answer.data, words, names);
  const menu = [
    { key: 'csv', label: t('csv'), disabled: !of, onClick: () => of && download(called, of.table()) },
    { key: 'image', label: t('image'), disabled: !of?.picture, onClick: () => of?.picture && void downloadPicture(called, of.picture()) },
  ];
  return (
    <>
      <div className="bar">
        <h2>{known ? <Link to={link(`/analysis/${question.ask}`, { q: JSON.stringify(question), saved: saved.id })}>{called}</Link> : called}</h2>
        {!limited && <span className="quiet">{t('notLimited')}</span>}
        <span className="push">{edit ?? <Dropdown trigger={['click']} menu={{ items: menu }}><Button type="text" size="small" aria-label={`${t('more')} ${called}`} icon={<MoreOutlined />} /></Dropdown>}</span>
      </div>
      {answer.data?.incomplete && <Alert type="warning" showIcon title={ui('incomplete')} />}
      <div className="stack" style={{ opacity: answer.isPlaceholderData ? 0.55 : 1 }}>
        {known ? <Loaded query={answer} rows={8}>{() => of?.view}</Loaded> : <Nothing what={t('otherKind', { kind: question.ask })} />}
      </div>
    </>
  );
}

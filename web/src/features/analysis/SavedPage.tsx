import { App, Button, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { Problem } from '../../api/client';
import { useSession } from '../../api/queries';
import type { Saved } from '../../api/schema';
import { ago } from '../../lib/format';
import { link } from '../../lib/links';
import { namedIn } from '../../lib/label';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { useRemoveQuestion, useSavedQuestions } from './queries';
import { texts, type AnalysisKey } from './texts';

export const savedLink = ({ id, body }: Saved) => link(`/analysis/${String(body.ask)}`, { q: JSON.stringify(body), saved: id });

const kKinds = ['trends', 'funnel', 'retention', 'portrait'];

export default function SavedPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  const { modal, message } = App.useApp();
  const person = useSession().data?.person;
  const saved = useSavedQuestions();
  const remove = useRemoveQuestion();
  const kindOf = ({ body }: Saved) => (kKinds.includes(String(body.ask)) ? t(String(body.ask) as AnalysisKey) : String(body.ask));
  const ask = (one: Saved, { id } = one, name = namedIn(one, language)) => void modal.confirm({
    title: t('removeTitle', { name }), content: t('removeQuestionBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(id).then(() => void message.success(t('removed', { name })), (error: unknown) => void message.error(error instanceof Problem ? error.words[language] : String(error))),
  });
  return (
    <>
      <PageHeader title={t('saved')} note={t('savedNote')} />
      <section className="panel flush">
        <Loaded query={saved} rows={8}>
          {({ items }) => (
            <FoundTable<Saved> rowKey="id" rows={items} words={(one) => [one.name, one.name_en, one.owner, kindOf(one)]} find={t('findSaved')} empty={t('noSaved')} columns={[
                { key: 'savedName', title: t('savedName'), ellipsis: true, sorter: (a, b) => namedIn(a, language).localeCompare(namedIn(b, language), 'zh-CN'), render: (_, one) => (kKinds.includes(String(one.body.ask)) ? <Link to={savedLink(one)} className="name">{namedIn(one, language)}</Link> : <span className="name">{namedIn(one, language)}</span>) },
                { key: 'kindOfQuestion', title: t('kindOfQuestion'), width: 120, sorter: (a, b) => kindOf(a).localeCompare(kindOf(b), 'zh-CN'), render: (_, one) => kindOf(one) },
                { title: t('owner'), dataIndex: 'owner', width: 160, ellipsis: true, sorter: (a, b) => a.owner.localeCompare(b.owner) },
                { title: t('shared'), dataIndex: 'shared', width: 110, render: (shared: boolean) => (shared ? <Tag variant="filled" color="green">{t('isShared')}</Tag> : <Tag variant="filled">{t('isOwn')}</Tag>) },
                { title: t('changedAt'), dataIndex: 'changed', width: 160, className: 'nowrap', defaultSortOrder: 'descend', sorter: (a, b) => (a.changed ?? '').localeCompare(b.changed ?? ''), render: (time?: string) => time && ago(Date.parse(time), now, language) },
                { key: 'actions', width: 90, align: 'right', render: (_, one) => one.owner === person && <Button type="link" size="small" danger aria-label={`${t('remove')} ${namedIn(one, language)}`} onClick={() => ask(one)}>{t('remove')}</Button> },
              ]} />
          )}
        </Loaded>
      </section>
    </>
  );
}

import { useState } from 'react';
import { App, Button, Empty } from 'antd';
import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { useFlows, useRemoveFlow, useUsers } from '../../api/people';
import { useMay } from '../../api/queries';
import { useGap, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { formOf, kKinds, type FlowForm, type Level } from './core/flow';
import { FlowDrawer } from './FlowDrawer';
import { texts } from './texts';

export function useSayRule(): (level: Level) => string {
  const t = useTexts(texts);
  return ({ rule, some, people }) => (people.length === 1 ? t('rule_one') : rule === 'some' ? t('rule_some', { count: some, of: people.length }) : t(`rule_${rule}`));
}

function Levels({ levels }: { levels: Level[] }) {
  const t = useTexts(texts);
  const say = useSayRule();
  const titles = new Map((useUsers().data?.items ?? []).map(({ name, title }) => [name, title]));
  return (
    <ol className="flow">
      {levels.map((level, i) => (
        <li key={i}>
          <b>{level.name}</b> <span className="quiet">{level.external !== undefined ? t('levelOutside') : say(level)}{level.hours !== undefined && ` · ${t('withinHours', { count: level.hours })}`}</span>
          <div>{level.external ?? level.people.map((name) => titles.get(name) || name).join(t('and'))}</div>
        </li>
      ))}
    </ol>
  );
}

// Who must approve things before they happen, for each kind that can need it.
export default function FlowsPage() {
  const t = useTexts(texts);
  const gap = useGap();
  const { modal, message } = App.useApp();
  const mayChange = useMay()('roles.change');
  const remove = useRemoveFlow();
  const [edited, setEdited] = useState<{ kind: (typeof kKinds)[number]; form: FlowForm }>();
  const ask = (kind: string) => void modal.confirm({
    title: t('flowRemoveTitle'), content: t('flowRemoveBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(kind).then(() => void message.success(t('saved')), (error: Error) => void message.error(error.message)),
  });
  return (
    <>
      <PageHeader title={t('flows')} note={t('flowsNote')} />
      <Loaded query={useFlows()} rows={8}>
        {({ flows }) => (
          <div className="stack">
            {kKinds.map((kind) => {
              const flow = flows[kind], form = flow && formOf(flow);
              return (
                <section key={kind} className="panel" aria-label={t(`flow_${kind}`)}>
                  <div className="bar" style={{ marginBottom: 8 }}>
                    <h2>{t(`flow_${kind}`)}</h2><span className="quiet">{t(`flow_${kind}_what`)}</span>
                    {mayChange && form && <><Button className="push" size="small" danger onClick={() => ask(kind)}>{t('remove')}</Button><Button size="small" icon={<EditOutlined />} onClick={() => setEdited({ kind, form })}>{t('edit')}</Button></>}
                  </div>
                  {form ? <><Levels levels={form.levels} /><p className="quiet">{form.days ? t('flowDays', { days: form.days }) : t('flowOpen')}</p></> : (
                    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} className="nothing" description={<span className="quiet">{t('noFlow')}{!mayChange && <>{gap}{t('whoMakesFlows')}</>}</span>}>{mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited({ kind, form: { levels: [] } })}>{t('newFlow')}</Button>}</Empty>
                  )}
                </section>
              );
            })}
          </div>
        )}
      </Loaded>
      {edited && <FlowDrawer kind={edited.kind} before={edited.form} onClose={() => setEdited(undefined)} />}
    </>
  );
}

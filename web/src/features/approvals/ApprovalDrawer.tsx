import { App, Button, Drawer, Form, Input, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { waitsFor } from '../../api/approvals';
import { useMay, useSession } from '../../api/queries';
import type { Approval } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { ProblemNote } from '../../ui/ProblemNote';
import { Content } from './Content';
import { Delegate } from './Delegate';
import { useApproval, useVote, useWithdraw } from './queries';
import { State } from './State';
import { ruleOf, useSubjectName } from './names';
import { texts } from './texts';
import { Uses } from './Uses';

function Levels({ approval }: { approval: Approval }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { flow, ballots, delegations, level: now, state } = approval;
  const saysRule = ruleOf(t);
  return (
    <ol className="levels">
      {flow.levels.map(({ name, rule = 1, external, people = external ? [external] : [] }, level) => (
        <li key={level}>
          <b>{name}</b> <span className="quiet">{external ? t('external') : saysRule(rule, people.length)}</span> {state === 'open' && level === now && <Tag variant="filled" color="blue">{t('current')}</Tag>}
          <ul className="plain">
            {people.map((person) => {
              const ballot = ballots.find((one) => one.level === level && one.person === person);
              const handed = delegations?.findLast((one) => one.level === level && one.to === person);
              return <li key={person}>{person} {handed && <span className="quiet">{t('delegatedBy', { from: handed.from })}</span>} {ballot ? <><Tag variant="filled" color={ballot.yes ? 'green' : 'red'}>{t(ballot.yes ? 'agreed' : 'refused')}</Tag><span className="quiet">{dateTime(ballot.at_ms, language)}</span>{ballot.comment && <div className="name">{ballot.comment}</div>}</> : <span className="quiet">{state === 'open' ? t('waiting') : '–'}</span>}</li>;
            })}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function Vote({ approval }: { approval: Approval }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const vote = useVote(approval.subject);
  const [form] = Form.useForm<{ comment?: string }>();
  const say = (yes: boolean) => {
    const comment = (form.getFieldValue('comment') as string | undefined)?.trim() ?? '';
    if (!yes && comment === '') return form.setFields([{ name: 'comment', errors: [t('commentNeeded')] }]);
    vote.mutate({ hash: approval.hash, yes, comment }, { onSuccess: () => void message.success(t(yes ? 'saidYes' : 'saidNo')) });
  };
  return (
    <Form form={form} layout="vertical">
      <Form.Item name="comment" label={t('comment')}><Input.TextArea maxLength={500} rows={2} placeholder={t('commentHint')} /></Form.Item>
      {vote.isError && <Form.Item><ProblemNote error={vote.error} /></Form.Item>}
      <div className="bar">
        <Button type="primary" loading={vote.isPending} onClick={() => say(true)}>{t('yes')}</Button>
        <Button danger disabled={vote.isPending} onClick={() => say(false)}>{t('no')}</Button>
        <Delegate approval={approval} />
      </div>
    </Form>
  );
}

function Withdraw({ approval }: { approval: Approval }) {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const title = useSubjectName();
  const withdraw = useWithdraw(approval.subject);
  const ask = () => void modal.confirm({
    title: t('withdrawTitle', { subject: title(approval.subject) }), content: t('withdrawBody'), okText: t('withdraw'), cancelText: t('cancel'),
    onOk: () => withdraw.mutateAsync(undefined).then(() => void message.success(t('withdrawn'))),
  });
  return <Button onClick={ask}>{t('withdraw')}</Button>;
}

export function ApprovalDrawer({ subject, onClose }: { subject: string; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const query = useApproval(subject);
  const person = useSession().data?.person ?? '';
  const title = useSubjectName();
  const mayVote = useMay()('journeys.approve');
  const [kind, id] = [subject.slice(0, subject.indexOf('/')), subject.slice(subject.indexOf('/') + 1)];
  return (
    <Drawer open title={title(subject)} size={720} onClose={onClose}>
      <Loaded query={query}>
        {(approval) => (
          <div className="stack">
            <div className="bar"><State of={approval.state} /><span className="quiet">{t('asker')} {approval.asker} · {dateTime(approval.asked_ms, language)}</span>{kind === 'journey' && <Link className="push" to={link(`/journeys/${id}`)}>{t('open')}</Link>}</div>
            {mayVote && waitsFor(approval, person) && <section className="panel"><Vote approval={approval} /></section>}
            {approval.state === 'open' && approval.asker === person && <div><Withdraw approval={approval} /></div>}
            <section><h2>{t('levels')}</h2><Levels approval={approval} /></section>
            <Uses approval={approval} />
            <section><Content approval={approval} /></section>
            <p className="quiet code" style={{ overflowWrap: 'anywhere' }}>{t('hash')} {approval.hash}</p>
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}

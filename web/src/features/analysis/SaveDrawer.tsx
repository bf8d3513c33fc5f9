import { App, Button, Drawer, Form, Input, Select, Switch } from 'antd';
import { useSession } from '../../api/queries';
import type { Saved } from '../../api/schema';
import { namedIn } from '../../lib/label';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { boardOf, changeOf } from './core/board';
import type { AnyQuestion } from './core/question';
import { newId, useDashboards, usePutDashboard, usePutQuestion } from './queries';
import { texts } from './texts';

interface Fields {
  name: string;
  name_en: string;
  shared: boolean;
  boards?: string[];
}

// Keeps a question under a name, and puts it on dashboards. What is another's is saved as a new one.
export function SaveDrawer({ question, saved, onClose }: { question: AnyQuestion; saved: Saved | undefined; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { message } = App.useApp();
  const person = useSession().data?.person;
  const put = usePutQuestion(), putBoard = usePutDashboard();
  const boards = (useDashboards().data?.items ?? []).filter(({ owner }) => owner === person);
  const own = saved && saved.owner === person ? saved : undefined;
  const save = async ({ name, name_en: en, shared, boards: chosen = [] }: Fields) => {
    const id = own?.id ?? newId('q');
    await put.mutateAsync({ id, change: { name: name.trim(), name_en: en.trim(), shared, body: question as unknown as Saved['body'], ...(own ? { version: own.version } : {}) } });
    for (const board of boards.filter((one) => chosen.includes(one.id))) {
      const { tiles } = boardOf(board);
      if (!tiles.some((tile) => tile.question === id)) await putBoard.mutateAsync({ id: board.id, change: changeOf(board, { tiles: [...tiles, { question: id, size: 'half' }] }) });
    }
    void message.success(t('savedAs', { name: name.trim() }));
    onClose();
  };
  const problem = put.error ?? putBoard.error;
  return (
    <Drawer open title={t(own ? 'saveChanges' : 'saveQuestion')} size={420} onClose={onClose}>
      <Form<Fields> layout="vertical" initialValues={{ name: saved?.name ?? '', name_en: saved?.name_en ?? '', shared: own?.shared ?? true }} onFinish={(fields) => void save(fields).catch(() => undefined)}>
        <Form.Item name="name" label={t('savedName')} rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}><Input autoFocus maxLength={60} /></Form.Item>
        <Form.Item name="name_en" label={t('savedNameEn')} extra={t('savedNameEnHint')}><Input maxLength={60} /></Form.Item>
        <Form.Item name="shared" label={t('shared')} valuePropName="checked" extra={t('sharedHint')}><Switch /></Form.Item>
        {boards.length > 0 && <Form.Item name="boards" label={t('toBoards')}><Select mode="multiple" options={boards.map((board) => ({ value: board.id, label: namedIn(board, language) }))} /></Form.Item>}
        {problem && <Form.Item><ProblemNote error={problem} /></Form.Item>}
        <Button type="primary" htmlType="submit" loading={put.isPending || putBoard.isPending}>{t('save')}</Button>
      </Form>
    </Drawer>
  );
}

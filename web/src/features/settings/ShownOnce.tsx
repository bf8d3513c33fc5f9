import { Alert, Modal, Typography } from 'antd';
import { useTexts } from '../../lib/texts';
import { texts } from './texts';

// A secret that is told this once.
export function ShownOnce({ title, note, secret, onClose }: { title: string; note: string; secret: string; onClose: () => void }) {
  const t = useTexts(texts);
  return (
    <Modal open title={title} onCancel={onClose} onOk={onClose} okText={t('kept')} cancelButtonProps={{ style: { display: 'none' } }} mask={{ closable: false }}>
      <Alert type="warning" showIcon title={note} style={{ marginBottom: 12 }} />
      <Typography.Text copyable code className="secret">{secret}</Typography.Text>
    </Modal>
  );
}

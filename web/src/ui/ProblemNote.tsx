import { Alert, Button, Typography } from 'antd';
import { Problem } from '../api/client';
import { useRightName } from '../api/rightNames';
import { useLanguage, useTexts } from '../lib/texts';
import { texts } from './texts';

// What went wrong, in the server's words, with the id that finds it in the server's log.
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTexts(texts);
  const rightName = useRightName();
  const language = useLanguage();
  const problem = error instanceof Problem ? error : undefined;
  return (
    <Alert
      type="error"
      showIcon
      title={problem ? problem.words[language] : t('problem')}
      description={problem && (
        <>
          {language === 'zh' && problem.status >= 400 && problem.status < 500 && problem.code !== 'forbidden' && !problem.values && problem.words.en !== problem.words.zh && <div>{problem.words.en}</div>}
          {problem.code === 'forbidden' && problem.place.where && <div>{t('rightNeeded', { right: rightName(problem.place.where) })}</div>}
          {problem.requestId && <Typography.Text type="secondary" className="code">{t('requestId')} {problem.requestId}</Typography.Text>}
        </>
      )}
      action={onRetry && <Button size="small" onClick={onRetry}>{t('retry')}</Button>}
    />
  );
}

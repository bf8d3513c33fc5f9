import type { ReactNode } from 'react';
import { useNavigate } from 'react-router-dom';
import { customersLink } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { texts } from './texts';

// A number that opens the customers behind it; zero has none.
export function OpenNumber({ question, empty, children }: { question: object; empty?: boolean; children: ReactNode }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  if (empty) return <>{children}</>;
  return <button type="button" className="link-number" title={t('seeCustomers')} onClick={() => void navigate(customersLink(question))}>{children}</button>;
}

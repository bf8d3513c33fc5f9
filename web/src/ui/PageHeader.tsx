import { createContext, useContext, type ReactNode } from 'react';

// What the page is called, for the heading of one that has nothing to show.
export const PageTitle = createContext('');

export function PageHeader({ title, note, actions }: { title?: string; note?: ReactNode; actions?: ReactNode }) {
  const fallback = useContext(PageTitle);
  return (
    <header className="page-header">
      <div>
        <h1>{title ?? fallback}</h1>
        {note && <p className="quiet">{note}</p>}
      </div>
      {actions && <div className="actions">{actions}</div>}
    </header>
  );
}

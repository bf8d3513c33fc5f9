import type { ReactNode } from 'react';

export function Field({ label, children }: { label: string; children: ReactNode }) {
  return <div className="field"><span className="label">{label}</span><div className="rows">{children}</div></div>;
}

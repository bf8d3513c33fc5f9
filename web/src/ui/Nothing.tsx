import type { ReactNode } from 'react';
import { Empty } from 'antd';

// An empty state: what is missing, and the next step.
export function Nothing({ what, next }: { what: string; next?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<span className="balanced">{what}</span>} className="nothing">
      {next}
    </Empty>
  );
}

import { useCallback } from 'react';
import { useBounded, useMay } from '../api/queries';
import type { Page } from '../lib/page';

export type Refusal = 'forbidden' | 'bounded';

// Why the person may not see a page, which the navigation does not offer then.
export function useRefused(): (page: Page) => Refusal | undefined {
  const may = useMay();
  const bounded = useBounded();
  return useCallback(({ right, whole }) => (!may(right) ? 'forbidden' : whole && right && bounded(right) ? 'bounded' : undefined), [may, bounded]);
}
